import { type Clock, isAsiError, systemClock } from '@asi/contracts';
import type { BackOff } from './back-off.ts';
import { embeddedArguments } from './embedded-servers.ts';
import { findHouseMembers, type HouseMember } from './house-member.ts';
import { freePorts } from './ports.ts';
import { identify } from './process-identity.ts';
import type { ProcessSpec } from './process-spec.ts';
import type { ProcessState } from './process-state.ts';
import { type Addresses, houseProcesses } from './processes.ts';
import { externalServers } from './server-urls.ts';
import { killLeftBehind, removeStack, type StackDescription, writeStack } from './stack-file.ts';
import { acquireStackLock } from './stack-lock.ts';
import { type StateFolder, stateFolder } from './state-folder.ts';
import { createSupervisor, type Supervisor } from './supervisor.ts';
import { embeddedBinary, repositoryRoot } from './toolchain.ts';

export interface StartStackOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly clock?: Clock;
  readonly backOff?: BackOff;
  /** Folder whose `agents`, `services` and `gpu-runner` are the house. */
  readonly root?: string;
  /** Called with all states whenever one has changed. */
  readonly onChange?: (states: readonly ProcessState[]) => void;
  /** Aborting it stops the start. */
  readonly signal?: AbortSignal;
}

/** A stack that this process runs. */
export interface RunningStack {
  readonly folder: StateFolder;
  readonly natsUrl: string;
  readonly mongodbUrl: string;
  readonly runnerUrls: readonly string[];
  states(): readonly ProcessState[];
  /** Resolves when every process is running. */
  ready(signal?: AbortSignal): Promise<void>;
  /** Stops everything within 10 s and releases the state folder. Safe to call again. */
  stop(): Promise<void>;
}

const portAttempts = 5;

/**
 * Starts the whole house on a state folder: the servers (unless they are given), the runner, and every process that is
 * found. Resolves when the servers are ready and the others are started; they are kept running until stop().
 * All of them end with this process, however it ends.
 * @throws terminal `stack-running`, `port-in-use`, `no-space`, `store-locked`, `embedded-missing`, `process-declaration`
 * @throws cancelled `stack-stopped` when the signal was aborted
 */
export async function startStack(options: StartStackOptions = {}): Promise<RunningStack> {
  const { env = process.env, clock = systemClock, root = repositoryRoot } = options;
  const external = externalServers(env);
  const members = findHouseMembers(root);
  embeddedBinary(env);
  const folder = stateFolder(env);
  const lock = await acquireStackLock(folder, 'stack');
  try {
    await killLeftBehind(folder);
    for (let attempt = 1; ; attempt++) {
      const plan = await planStack(members, folder, env, external);
      try {
        const supervisor = await launch(plan, folder, options, clock);
        const release = async () => {
          await supervisor.stop();
          removeStack(folder);
          lock.release();
        };
        let released: Promise<void> | null = null;
        return {
          folder,
          ...plan.servers,
          runnerUrls: plan.runnerUrls,
          states: supervisor.states,
          ready: supervisor.ready,
          stop: () => {
            released ??= release();
            return released;
          },
        };
      } catch (error) {
        // Between the look for free ports and the bind another program may have taken one.
        if (!isAsiError(error) || error.code !== 'port-in-use' || attempt === portAttempts) throw error;
      }
    }
  } catch (error) {
    removeStack(folder);
    lock.release();
    throw error;
  }
}

interface StackPlan {
  readonly specs: readonly ProcessSpec[];
  readonly servers: { readonly natsUrl: string; readonly mongodbUrl: string };
  readonly embedded: boolean;
  readonly runnerUrls: readonly string[];
}

async function planStack(
  members: readonly HouseMember[],
  folder: StateFolder,
  env: NodeJS.ProcessEnv,
  external: StackPlan['servers'] | null,
): Promise<StackPlan> {
  const [natsPort = 0, mongoPort = 0, runnerPort = 0] = await freePorts(3);
  const servers = external ?? {
    natsUrl: `nats://127.0.0.1:${natsPort}`,
    mongodbUrl: `mongodb://127.0.0.1:${mongoPort}/`,
  };
  const externalRunners = (env.ASI_RUNNER_URL ?? '').split(',').filter((url) => url.trim() !== '');
  const localRunners =
    externalRunners.length === 0 && members.some(({ kind }) => kind === 'runner') ? [`127.0.0.1:${runnerPort}`] : [];
  const addresses: Addresses = { ...servers, localRunners, externalRunners };
  const house = houseProcesses(members, addresses, folder, env);
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
    args: embeddedArguments({ home: folder.data }, natsPort, mongoPort),
    env: {},
    readiness: { kind: 'log', message: 'ready' },
    stage: 'servers',
    url: `nats://127.0.0.1:${natsPort}`,
  };
}

async function launch(
  plan: StackPlan,
  folder: StateFolder,
  options: StartStackOptions,
  clock: Clock,
): Promise<Supervisor> {
  const self = identify(process.pid);
  const description: Omit<StackDescription, 'processes'> = {
    pid: process.pid,
    startTime: self?.startTime ?? '',
    startedAt: clock.now().toISOString(),
    ...plan.servers,
    embedded: plan.embedded,
    runnerUrls: [...plan.runnerUrls],
  };
  const supervisor = createSupervisor({
    specs: plan.specs,
    logFolder: folder.logs,
    clock,
    ...(options.backOff ? { backOff: options.backOff } : {}),
    onChange: (states) => {
      writeStack(folder, { ...description, processes: [...states] });
      options.onChange?.(states);
    },
  });
  const abort = () => void supervisor.stop();
  options.signal?.addEventListener('abort', abort, { once: true });
  if (options.signal?.aborted) abort();
  try {
    await supervisor.start();
  } finally {
    options.signal?.removeEventListener('abort', abort);
  }
  return supervisor;
}
