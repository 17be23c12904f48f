import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@asi/contracts';
import type { Command } from './attached-command.ts';
import { type BackOff, delayAfter } from './back-off.ts';
import { type LaunchedProcess, launchProcess } from './launched-process.ts';
import type { LoggedError } from './logged-error.ts';
import { openProcessLog } from './process-log.ts';
import type { ProcessSpec } from './process-spec.ts';
import { noSignOfLife, type ProcessState } from './process-state.ts';
import { watchPulse } from './watch-pulse.ts';
import { watchReadiness } from './watch-readiness.ts';

/** One process that is started again whenever it ends, until it is stopped. */
export interface SupervisedProcess {
  readonly spec: ProcessSpec;
  state(): ProcessState;
  start(): void;
  /** SIGTERM, and SIGKILL to its process group after the grace; resolves when it is gone. */
  stop(graceMilliseconds: number): Promise<void>;
}

export interface SupervisedProcessOptions {
  readonly spec: ProcessSpec;
  readonly logFolder: string;
  readonly clock: Clock;
  readonly backOff: BackOff;
  /** After so long without a sign of life it is killed; 0 is never. */
  readonly silenceSeconds: number;
  /** Binds a command to the life of this process. */
  readonly attach: (command: Command) => Command;
  readonly onChange: () => void;
}

/**
 * Makes the supervisor of one process.
 *
 * P1. At most one child at a time: the loop launches the next one only after the last one's end.
 * P2. What a child leaves in its process group is killed at the child's end (launchProcess).
 * P3. After stop() nothing is launched again.
 * P4. A child that hangs is killed, which is an end like any other.
 */
export function superviseProcess(options: SupervisedProcessOptions): SupervisedProcess {
  const { spec, clock, backOff, onChange } = options;
  const stopping = new AbortController();
  let current: LaunchedProcess | null = null;
  let loop: Promise<void> | null = null;
  let state: ProcessState = {
    name: spec.name,
    state: 'stopped',
    since: clock.now().toISOString(),
    pid: null,
    startTime: null,
    restarts: 0,
    lastExit: null,
    lastError: null,
    retryAt: null,
    url: spec.url ?? null,
  };
  const change = (next: Partial<ProcessState>) => {
    const moved = next.state !== undefined && next.state !== state.state;
    state = { ...state, ...next, ...(moved ? { since: clock.now().toISOString() } : {}) };
    onChange();
  };

  async function keepRunning(): Promise<void> {
    const log = openProcessLog({ folder: options.logFolder, name: spec.name, clock });
    for (let endsInARow = 0; ; ) {
      const startedAt = clock.now().getTime();
      const readiness = watchReadiness(spec.readiness, (address) => {
        if (state.state === 'starting') change({ state: 'running', url: spec.url ?? address });
      });
      let hang: LoggedError | null = null;
      const pulse = watchPulse(options.silenceSeconds, spec.pulse, () => {
        hang = { code: noSignOfLife, message: `no sign of life for ${options.silenceSeconds} s: killed` };
        log.add({ time: clock.now().toISOString(), level: 50, stream: 'supervisor', msg: hang.message });
        current?.kill();
      });
      current = launchProcess(options.attach(spec), spec.env, log, (line) => {
        readiness.onLine(line);
        pulse.onLine(line);
      });
      change({
        state: 'starting',
        pid: current.identity?.pid ?? null,
        startTime: current.identity?.startTime ?? null,
        retryAt: null,
      });
      const { code, signal, error } = await current.ended;
      readiness.cancel();
      pulse.cancel();
      const at = clock.now();
      const ended = { pid: null, startTime: null, lastExit: { at: at.toISOString(), code, signal } };
      if (stopping.signal.aborted) {
        change({ ...ended, state: 'stopped' });
        break;
      }
      endsInARow = at.getTime() - startedAt >= backOff.healthyAfterMilliseconds ? 1 : endsInARow + 1;
      const delay = delayAfter(backOff, endsInARow);
      const retryAt = new Date(at.getTime() + delay).toISOString();
      change({ ...ended, state: 'backing-off', lastError: hang ?? error, retryAt });
      await sleep(delay, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) {
        change({ state: 'stopped', retryAt: null });
        break;
      }
      state = { ...state, restarts: state.restarts + 1 };
    }
    log.close();
  }

  return {
    spec,
    state: () => state,
    start() {
      loop ??= keepRunning();
    },
    async stop(graceMilliseconds) {
      stopping.abort();
      if (!loop) return;
      if (state.state === 'starting' || state.state === 'running') {
        change({ state: 'stopping' });
        current?.terminate();
      }
      const timer = setTimeout(() => current?.kill(), graceMilliseconds);
      await loop;
      clearTimeout(timer);
    },
  };
}
