import { connectBus } from '@asi/bus';
import { messageOf } from '@asi/contracts';
import { type ExternalStack, externalStack } from '../stack/external-stack.ts';
import { logsOf } from '../stack/logs-of.ts';
import { readStack } from '../stack/stack-file.ts';
import { stateFolder } from '../stack/state-folder.ts';
import type { Examination, Finding } from './finding.ts';

/** Whether the processes run: those of this machine, or those that something else runs. */
export const examineStack: Examination = async ({ env }) => {
  const external = externalStack(env);
  if (external) return externalProcesses(external, env);
  const running = readStack(stateFolder(env));
  const troubled = running?.processes.filter(({ state: now }) => now === 'backing-off') ?? [];
  const found = running
    ? `runs as process ${running.pid}, ${running.processes.length} processes${troubled.map(({ name, lastError }) => `, ${name} does not start: ${lastError?.message ?? 'see its log'}`).join('')}`
    : 'not running';
  return {
    what: 'stack',
    verdict: troubled.length > 0 ? 'missing' : 'good',
    found,
    advice: troubled.length > 0 ? `see ${logsOf(env)}` : '',
  };
};

async function externalProcesses({ natsUrl }: ExternalStack, env: NodeJS.ProcessEnv): Promise<Finding> {
  const what = 'stack';
  try {
    const bus = await connectBus({ url: natsUrl, source: `lab/asi-${process.pid}`, firstConnectSeconds: 5 });
    const roles = [...new Set((await bus.discover()).map(({ role }) => role))];
    await bus.close();
    const good = roles.includes('director') && roles.includes('engineer');
    return {
      what,
      verdict: good ? 'good' : 'missing',
      found: `run elsewhere (ASI_STACK=external); these answer: ${roles.join(', ') || 'none'}`,
      advice: good ? '' : `no campaign can run without director and engineer; see ${logsOf(env)}`,
    };
  } catch (error) {
    return { what, verdict: 'missing', found: messageOf(error), advice: `see ${logsOf(env)}` };
  }
}
