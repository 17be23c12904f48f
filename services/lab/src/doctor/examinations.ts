import { accessSync, constants } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { messageOf, withoutPassword } from '@asi/contracts';
import { withRunner } from '../commands/with-runner.ts';
import { forgetIsolationProof } from '../stack/isolation-proof.ts';
import { externalServers } from '../stack/server-urls.ts';
import { stateFolder } from '../stack/state-folder.ts';
import { embeddedBinary } from '../stack/toolchain.ts';
import { examinePython } from './examine-python.ts';
import { examineStack } from './examine-stack.ts';
import type { Examination } from './finding.ts';

const leastFreeBytes = 2e9;
const leastMemoryBytes = 4e9;

const node: Examination = async () => {
  const good = Number(process.versions.node.split('.')[0]) >= 24;
  return {
    what: 'Node',
    verdict: good ? 'good' : 'missing',
    found: `version ${process.versions.node}`,
    advice: good ? '' : 'run it with node_modules/.bin/node, which npm start installs (24)',
  };
};

const servers: Examination = async ({ env }) => {
  const what = 'servers';
  try {
    const external = externalServers(env);
    if (external) return { what, verdict: 'good', found: `your own: ${withoutPassword(external.natsUrl)}`, advice: '' };
    return { what, verdict: 'good', found: `embedded: ${embeddedBinary(env)}`, advice: '' };
  } catch (error) {
    return { what, verdict: 'missing', found: messageOf(error), advice: '' };
  }
};

const state: Examination = async ({ env }) => {
  const what = 'state folder';
  try {
    const folder = stateFolder(env);
    accessSync(folder.path, constants.W_OK);
    const { bavail, bsize } = await statfs(folder.path);
    const free = bavail * bsize;
    const good = free >= leastFreeBytes;
    return {
      what,
      verdict: good ? 'good' : 'missing',
      found: `${folder.path}, ${(free / 1e9).toFixed(1)} GB free`,
      advice: good ? '' : `make ${leastFreeBytes / 1e9} GB free, or set ASI_HOME to a folder on another disk`,
    };
  } catch (error) {
    return {
      what,
      verdict: 'missing',
      found: messageOf(error),
      advice: 'set ASI_HOME to a folder that can be written',
    };
  }
};

const machine: Examination = async () => {
  const good = totalmem() >= leastMemoryBytes;
  return {
    what: 'machine',
    verdict: good ? 'good' : 'remark',
    found: `${availableParallelism()} cores, ${(totalmem() / 1e9).toFixed(1)} GB memory`,
    advice: good ? '' : 'candidates may run out of memory: set ASI_RUNNER_SLOTS=1',
  };
};

/** Really starts the runner, which tries to escape from each sandbox before it trusts it. */
const runner: Examination = async (context) => {
  const what = 'isolation';
  try {
    forgetIsolationProof(stateFolder(context.env), context.env);
    return await withRunner(context, async ({ client }) => {
      const { isolation, devices, slots } = await client.capabilities();
      const training = slots.find(({ kind }) => kind === 'train')?.total ?? 0;
      const blocked = isolation.probes.filter(({ verdict }) => verdict === 'blocked').length;
      return {
        what,
        verdict: isolation.tier > 0 ? 'good' : 'remark',
        found: `tier ${isolation.tier} (${isolation.recipe}, ${blocked} attacks blocked); runner with ${training} training slots on ${devices.join(', ')}`,
        advice:
          isolation.tier > 0
            ? isolation.note
            : `${isolation.note || 'no sandbox works here'}: programs of the grammar run, programs from elsewhere are refused`,
        isolation,
      };
    });
  } catch (error) {
    return { what, verdict: 'missing', found: messageOf(error), advice: 'mend what is missing above first' };
  }
};

/** What the doctor looks at, in this order. */
export const examinations: readonly Examination[] = [
  node,
  examinePython,
  servers,
  state,
  machine,
  examineStack,
  runner,
];
