import { type Clock, cancelled, systemClock, terminal } from '@asi/contracts';
import { attached, type Command } from './attached-command.ts';
import { type BackOff, defaultBackOff } from './back-off.ts';
import type { ProcessSpec } from './process-spec.ts';
import type { ProcessState } from './process-state.ts';
import { defaultSilenceSeconds } from './silence-seconds.ts';
import { type SupervisedProcess, superviseProcess } from './supervised-process.ts';

export interface SupervisorOptions {
  readonly specs: readonly ProcessSpec[];
  readonly logFolder: string;
  readonly clock?: Clock;
  readonly backOff?: BackOff;
  /** A process without a sign of life for so long is killed and started again; 0 is never. */
  readonly silenceSeconds?: number;
  readonly attach?: (command: Command) => Command;
  /** Called with all states whenever one has changed. */
  readonly onChange?: (states: readonly ProcessState[]) => void;
}

/** Keeps a set of processes running. */
export interface Supervisor {
  /**
   * Starts the servers, waits until they are ready, and starts the house.
   * @throws terminal with the code and message that a server gave for ending before it was ready
   * @throws cancelled `stack-stopped` when stop() was called meanwhile
   */
  start(): Promise<void>;
  /** Resolves when every process is running; rejects with the signal's reason. */
  ready(signal?: AbortSignal): Promise<void>;
  states(): readonly ProcessState[];
  /** Stops the house, then the servers; at most 9.5 s. Safe to call again, and while starting. */
  stop(): Promise<void>;
}

// SIGTERM to SIGKILL. Together they stay below the ten seconds that a person is promised.
const houseGraceMilliseconds = 6_500;
const serversGraceMilliseconds = 2_000;

/** Makes a supervisor; nothing is started yet. */
export function createSupervisor(options: SupervisorOptions): Supervisor {
  const {
    clock = systemClock,
    backOff = defaultBackOff,
    silenceSeconds = defaultSilenceSeconds,
    attach = (command: Command) => attached(command),
  } = options;
  const listeners = new Set<() => void>();
  let stopped: Promise<void> | null = null;
  const states = () => processes.map((process) => process.state());
  const onChange = () => {
    options.onChange?.(states());
    for (const listener of [...listeners]) listener();
  };
  const processes: SupervisedProcess[] = options.specs.map((spec) =>
    superviseProcess({
      spec,
      logFolder: options.logFolder,
      clock,
      backOff,
      silenceSeconds,
      // The servers watch their parent themselves: they flush before they end, and a wrapper would be in their way.
      attach: spec.stage === 'servers' ? (command) => command : attach,
      onChange,
    }),
  );
  const inStage = (stage: ProcessSpec['stage']) => processes.filter(({ spec }) => spec.stage === stage);

  /** Resolves once `holds` is true, looking at every change. */
  const until = (holds: () => boolean, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const settle = (end: () => void) => {
        listeners.delete(look);
        signal?.removeEventListener('abort', abort);
        end();
      };
      const look = () => holds() && settle(resolve);
      const abort = () => settle(() => reject(signal?.reason));
      listeners.add(look);
      signal?.addEventListener('abort', abort);
      if (signal?.aborted) abort();
      else look();
    });

  async function stopAll(): Promise<void> {
    await Promise.all(inStage('house').map((process) => process.stop(houseGraceMilliseconds)));
    await Promise.all(inStage('servers').map((process) => process.stop(serversGraceMilliseconds)));
  }

  const stop = () => {
    if (!stopped) {
      stopped = stopAll();
      onChange();
    }
    return stopped;
  };

  return {
    states,
    stop,
    ready: (signal) => until(() => states().every(({ state }) => state === 'running'), signal),
    async start() {
      const servers = inStage('servers');
      for (const server of servers) server.start();
      const failed = () => servers.find((server) => server.state().lastExit !== null);
      const up = () => servers.every((server) => server.state().state === 'running');
      await until(() => stopped !== null || failed() !== undefined || up());
      if (stopped) {
        await stopped;
        throw cancelled('stack-stopped', 'the stack was stopped while it was starting');
      }
      const failure = failed()?.state();
      if (failure) {
        await stop();
        const { code, message } = failure.lastError ?? {};
        throw terminal(
          code ?? 'server-failed',
          message ?? `${failure.name} ended at once; see ${options.logFolder}/${failure.name}.jsonl`,
        );
      }
      for (const process of inStage('house')) process.start();
    },
  };
}
