import { embeddedArguments } from './embedded-servers.ts';
import type { HouseMember } from './house-member.ts';
import { freePorts } from './ports.ts';
import type { ProcessSpec } from './process-spec.ts';
import { houseProcesses } from './processes.ts';
import type { ServerUrls } from './server-urls.ts';
import type { StateFolder } from './state-folder.ts';
import { embeddedBinary } from './toolchain.ts';

/** What is to be started, and where it will be found. */
export interface StackPlan {
  readonly specs: readonly ProcessSpec[];
  readonly servers: ServerUrls;
  /** False when the servers were given. */
  readonly embedded: boolean;
  readonly runnerUrls: readonly string[];
}

/**
 * Chooses ports and lays out the processes of a stack.
 * @param external servers of one's own; null for the embedded ones
 */
export async function planStack(
  members: readonly HouseMember[],
  folder: StateFolder,
  env: NodeJS.ProcessEnv,
  external: ServerUrls | null,
): Promise<StackPlan> {
  const [natsPort = 0, mongoPort = 0, runnerPort = 0] = await freePorts(3);
  const servers = external ?? {
    natsUrl: `nats://127.0.0.1:${natsPort}`,
    mongodbUrl: `mongodb://127.0.0.1:${mongoPort}/`,
  };
  const externalRunners = (env.ASI_RUNNER_URL ?? '').split(',').filter((url) => url.trim() !== '');
  const localRunners =
    externalRunners.length === 0 && members.some(({ kind }) => kind === 'runner') ? [`127.0.0.1:${runnerPort}`] : [];
  const house = houseProcesses(members, { ...servers, localRunners, externalRunners }, folder, env);
  return {
    servers,
    embedded: external === null,
    runnerUrls: [...localRunners.map((address) => `grpc://${address}`), ...externalRunners],
    specs: external ? house : [serversProcess(folder, natsPort, mongoPort), ...house],
  };
}

/** The embedded servers as one more supervised process, on ports that stay the same when it is started again. */
function serversProcess(folder: StateFolder, natsPort: number, mongoPort: number): ProcessSpec {
  return {
    name: 'servers',
    command: embeddedBinary(),
    args: [...embeddedArguments({ home: folder.data }, natsPort, mongoPort), '--pulse'],
    env: {},
    readiness: { kind: 'log', message: 'ready' },
    pulse: true,
    stage: 'servers',
    url: `nats://127.0.0.1:${natsPort}`,
  };
}
