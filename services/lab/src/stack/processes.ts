import { join } from 'node:path';
import { withoutForeignSettings } from '@asi/llm/without-foreign-settings';
import type { HouseMember } from './house-member.ts';
import { isolationProof } from './isolation-proof.ts';
import { keylessEnvironment } from './keyless-environment.ts';
import type { ProcessSpec } from './process-spec.ts';
import { programFile } from './program-file.ts';
import { stackFilePath } from './stack-file.ts';
import type { StateFolder } from './state-folder.ts';

/** Where the processes find each other. */
export interface Addresses {
  readonly natsUrl: string;
  readonly mongodbUrl: string;
  /** Runners that are started here: host:port, one for each. */
  readonly localRunners: readonly string[];
  /** Runners of one's own elsewhere (ASI_RUNNER_URL); with them none is started here. */
  readonly externalRunners: readonly string[];
}

// Every process says `ready` in its log; one that does not is taken for running after this time.
const assumedAfterMilliseconds = 10_000;

const numbered = (name: string, index: number, count: number) => (count === 1 ? name : `${name}-${index + 1}`);

/** The processes of the house as data: a pure function of what was found, where things are, and the environment. */
export function houseProcesses(
  members: readonly HouseMember[],
  addresses: Addresses,
  folder: StateFolder,
  environment: NodeJS.ProcessEnv,
): ProcessSpec[] {
  const runners = [...addresses.localRunners.map((address) => `grpc://${address}`), ...addresses.externalRunners];
  const inherited = inheritedEnvironment(environment, folder);

  const specOf = (member: HouseMember, name: string, env: Record<string, string>): ProcessSpec => {
    const addressFile = join(folder.run, `${name}.address`);
    return {
      name,
      command: process.execPath,
      args: [programFile(member.main, environment)],
      env: {
        ...(member.needs.has('environment') ? inherited : keylessEnvironment(inherited, member.kind)),
        ...(member.needs.has('mongodb') ? { MONGODB_URL: addresses.mongodbUrl } : {}),
        ...(member.addressFile ? { [member.addressFile]: addressFile } : {}),
        ...env,
      },
      readiness: member.addressFile
        ? { kind: 'file', path: addressFile }
        : { kind: 'log', message: 'ready', assumedAfterMilliseconds },
      pulse: member.pulse,
      stage: 'house',
    };
  };

  return members.flatMap((member): ProcessSpec[] => {
    if (member.kind === 'runner') {
      return addresses.localRunners.map((address, index) => {
        const name = numbered(member.name, index, addresses.localRunners.length);
        const addressFile = join(folder.run, `${name}.address`);
        return {
          ...specOf(member, name, {
            ASI_RUNNER_ADDRESS: address,
            ASI_RUNNER_ADDRESS_FILE: addressFile,
            ASI_RUNNER_HOME: join(folder.runners, name),
            ASI_RUNNER_PROOF: isolationProof(folder, environment),
          }),
          readiness: { kind: 'file', path: addressFile },
          url: `grpc://${address}`,
        };
      });
    }
    const house = { NATS_URL: addresses.natsUrl };
    if (!member.perRunner) {
      const [first] = runners;
      return [specOf(member, member.name, { ...house, ...(first ? { ASI_RUNNER_URL: first } : {}) })];
    }
    return runners.map((runner, index) =>
      specOf(member, numbered(member.name, index, runners.length), { ...house, ASI_RUNNER_URL: runner }),
    );
  });
}

/** What every process inherits; the addresses of servers are given only to those who need them, and what libraries read for themselves to nobody. */
function inheritedEnvironment(environment: NodeJS.ProcessEnv, folder: StateFolder): Record<string, string> {
  const { NATS_URL: _nats, MONGODB_URL: _mongodb, ASI_RUNNER_URL: _runner, ...rest } = environment;
  withoutForeignSettings(rest);
  return {
    ...Object.fromEntries(Object.entries(rest).filter((entry): entry is [string, string] => entry[1] !== undefined)),
    ASI_HOME: folder.path,
    ASI_STACK_FILE: stackFilePath(folder),
    ASI_SUPERVISED: '1',
    ASI_PULSE: '1',
    // Compiled code is kept between starts: a restart costs less processor time.
    NODE_COMPILE_CACHE: environment.NODE_COMPILE_CACHE ?? join(folder.cache, 'node'),
  };
}
