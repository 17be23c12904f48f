import { type Clock, isAsiError, systemClock, terminal } from '@asi/contracts';
import type { BackOff } from './back-off.ts';
import { isDiskFull, isMissing } from './disk-full.ts';
import { refuseExternalStack } from './external-stack.ts';
import { findHouseMembers } from './house-member.ts';
import { planStack, type StackPlan } from './plan-stack.ts';
import { isPortFree } from './ports.ts';
import { identify } from './process-identity.ts';
import type { ProcessState } from './process-state.ts';
import { requireServers } from './require-servers.ts';
import { requireSettings } from './require-settings.ts';
import { refuseSecondLaboratory } from './second-laboratory.ts';
import { externalServers } from './server-urls.ts';
import { silenceSecondsOf } from './silence-seconds.ts';
import { killLeftBehind, removeStack, type StackDescription, writeStack } from './stack-file.ts';
import { acquireStackLock } from './stack-lock.ts';
import { variablesOf } from './stack-variables.ts';
import { type StateFolder, stateFolder } from './state-folder.ts';
import { createSupervisor, type Supervisor } from './supervisor.ts';
import { embeddedBinary, repositoryRoot } from './toolchain.ts';
import { requireTrainerPython } from './trainer-python.ts';
import { watchStateFolder } from './watch-state-folder.ts';

export interface StartStackOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly clock?: Clock;
  readonly backOff?: BackOff;
  /** Folder whose `agents`, `services` and `gpu-runner` are the house. */
  readonly root?: string;
  /** Names of processes of the house that are not wanted. */
  readonly without?: readonly string[];
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
  /** Aborts when the state folder has disappeared under the stack, which cannot go on then; its reason says so. */
  readonly gone: AbortSignal;
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
 * @throws terminal `stack-running`, `servers-in-use`, `port-in-use`, `no-space`, `store-locked`, `embedded-missing`, `process-declaration`
 * @throws terminal `environment-invalid`, `python-setting`, `python-missing` before anything is started
 * @throws terminal `stack-external` when something else runs the processes
 * @throws cancelled `stack-stopped` when the signal was aborted
 */
export async function startStack(options: StartStackOptions = {}): Promise<RunningStack> {
  const { env = process.env, clock = systemClock, root = repositoryRoot, without = [] } = options;
  refuseExternalStack(env);
  requireSettings(env);
  const external = externalServers(env);
  const members = findHouseMembers(root).filter(({ name }) => !without.includes(name));
  embeddedBinary(env);
  if (!env.ASI_RUNNER_URL && members.some(({ kind }) => kind === 'runner')) await requireTrainerPython(env);
  if (external) await requireServers(external);
  await requireDashboardPort(env);
  const folder = stateFolder(env);
  const lock = await acquireStackLock(folder, 'stack');
  try {
    await killLeftBehind(folder);
    if (external) await refuseSecondLaboratory(external.natsUrl);
    for (let attempt = 1; ; attempt++) {
      const plan = await planStack(members, folder, env, external);
      try {
        const supervisor = await launch(plan, folder, options, clock);
        const watch = watchStateFolder(folder);
        const release = async () => {
          await supervisor.stop();
          watch.stop();
          removeStack(folder);
          lock.release();
        };
        let released: Promise<void> | null = null;
        return {
          folder,
          ...plan.servers,
          runnerUrls: plan.runnerUrls,
          gone: watch.gone,
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

/** A dashboard on a port that was asked for cannot take another one: it would be started again and again. */
async function requireDashboardPort({ ASI_DASHBOARD_PORT: port }: NodeJS.ProcessEnv): Promise<void> {
  const number = Number(port || 0);
  if (!Number.isInteger(number) || number < 0 || number > 65_535)
    throw terminal('usage', `ASI_DASHBOARD_PORT=${port}: expected a port, 0 to 65535; 0, or unset, is a free one`);
  if (number === 0 || (await isPortFree(number))) return;
  throw terminal(
    'port-in-use',
    `ASI_DASHBOARD_PORT=${port}: another program holds that port; choose another one, or leave it unset for a free one`,
  );
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
    variables: variablesOf(options.env ?? process.env),
  };
  const supervisor = createSupervisor({
    specs: plan.specs,
    logFolder: folder.logs,
    clock,
    silenceSeconds: silenceSecondsOf(options.env ?? process.env),
    ...(options.backOff ? { backOff: options.backOff } : {}),
    onChange: (states) => {
      try {
        writeStack(folder, { ...description, processes: [...states] });
      } catch (error) {
        // Others then see an old state; the processes go on, and the servers' own check reports the full disk. That the
        // folder is not there any more its watch reports, or the start itself.
        if (!isDiskFull(error) && !isMissing(error)) throw error;
      }
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
