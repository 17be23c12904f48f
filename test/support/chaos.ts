import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '@asi/contracts';
import { isAlive, type ProcessIdentity } from '../../services/lab/src/stack/process-identity.ts';
import type { ProcessState } from '../../services/lab/src/stack/process-state.ts';
import { readStack } from '../../services/lab/src/stack/stack-file.ts';
import { stateFolder } from '../../services/lab/src/stack/state-folder.ts';
import { familyOf } from './living-processes.ts';

/** Not a process of the house: the one that holds a candidate's code, whichever is at work. */
export const workerOfTheTrainer = 'a worker of the trainer';

export type ChaosOptions = {
  readonly home: string;
  readonly seed: number;
  /** Pause before a kill: uniform between the two. */
  readonly pauseSeconds: readonly [number, number];
  /** How often each process is killed; afterwards the house is left alone. */
  readonly times: number;
  /** Kills that the progress of the work allows so far: without it a slow machine would be through with them before anything happened. */
  readonly allowed: () => number;
  /** Processes that are killed less often. */
  readonly fewer?: Readonly<Record<string, number>>;
};

export type Chaos = {
  /** Kills so far, by process. */
  kills(): Readonly<Record<string, number>>;
  /** Kills no more; resolves when it has ended. */
  stop(): Promise<void>;
};

/**
 * Kills the processes of a running stack with SIGKILL: in rounds, each round every process once in a shuffled order, at
 * random moments. Order and pauses follow from the seed; what a process is doing at that moment does not, and that is the point.
 */
export function startChaos({ home, seed, pauseSeconds, times, allowed, fewer = {} }: ChaosOptions): Chaos {
  const stopping = new AbortController();
  const random = seededRandom(seed, 'chaos');
  const kills: Record<string, number> = {};
  const folder = stateFolder({ ASI_HOME: home });
  const processes = (): readonly ProcessState[] => readStack(folder)?.processes ?? [];
  const pause = (seconds: number) =>
    sleep(seconds * 1000, undefined, { signal: stopping.signal }).catch(() => undefined);

  const worker = (): ProcessIdentity | undefined => {
    const runner = processes().find((one) => one.name === 'gpu-runner')?.pid;
    // Around it are the launcher's processes, whose command lines hold its own.
    return runner ? familyOf(runner).findLast(({ command }) => command.includes('trainer.worker')) : undefined;
  };
  const killOnce = (name: string): boolean => {
    const found = name === workerOfTheTrainer ? worker() : processes().find((one) => one.name === name);
    if (!found?.pid || !found.startTime || !isAlive({ pid: found.pid, startTime: found.startTime })) return false;
    process.kill(found.pid, 'SIGKILL');
    kills[name] = (kills[name] ?? 0) + 1;
    return true;
  };

  const ended = (async () => {
    while (processes().length === 0 && !stopping.signal.aborted) await pause(0.1);
    for (let round = 1; round <= times; round++) {
      const names = [...processes().map(({ name }) => name), workerOfTheTrainer];
      for (const name of shuffled(names, random)) {
        if (round > (fewer[name] ?? times)) continue;
        await pause(pauseSeconds[0] + random.next() * (pauseSeconds[1] - pauseSeconds[0]));
        while (!stopping.signal.aborted && sum(kills) >= allowed()) await pause(0.1);
        // Of a process that is just being started again the next life is taken.
        while (!stopping.signal.aborted && !killOnce(name)) await pause(0.1);
        if (stopping.signal.aborted) return;
      }
    }
  })();
  return {
    kills: () => ({ ...kills }),
    stop: async () => {
      stopping.abort();
      await ended;
    },
  };
}

const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((total, one) => total + one, 0);

function shuffled<T>(items: readonly T[], random: { below(n: number): number }): T[] {
  const left = [...items];
  return items.flatMap(() => left.splice(random.below(left.length), 1));
}
