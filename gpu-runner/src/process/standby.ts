import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { JobSpec } from '@asi/runner-client';
import { identityOf } from './process-identity.ts';
import { startTrainer, type TrainerPlace, type TrainerProcess } from './trainer-process.ts';

export type StandbyOptions = TrainerPlace & {
  /** For the temporary files of those that wait; emptied at first. */
  folder: string;
  /** How long one waits for a job before it is let go: it holds the memory of an imported torch. */
  waitMilliseconds: number;
};

/**
 * At most one trainer that waits for a job, with a worker that has imported torch: a program that passed its certificate then trains
 * at once. Invariants:
 * S1  No job and no program has touched what waits here; who takes it has it alone.
 * S2  None waits in a slot in which a job runs: workers of a slot may share a user, and a program could reach it.
 * S3  What is not taken is let go, and gets no job any more: after its time, when another slot needs one, and at the end.
 */
export type Standby = {
  /** Makes one ready in a slot that is free. */
  prepare: (slot: number, spec: JobSpec) => void;
  /** The trainer that waits for a job in this slot; null when there is none. */
  take: (slot: number) => TrainerProcess | null;
  close: () => Promise<void>;
};

export const createStandby = (options: StandbyOptions): Standby => {
  rmSync(options.folder, { recursive: true, force: true });
  let count = 0;
  let waiting: { readonly slot: number; readonly trainer: TrainerProcess; readonly timer: NodeJS.Timeout } | null =
    null;
  const leaving = new Set<Promise<void>>();

  // The kernel knows before the event of it comes here.
  const hasEnded = ({ child }: TrainerProcess) => child.pid === undefined || identityOf(child.pid) === null;

  const letGo = (): void => {
    if (waiting === null) return;
    const { trainer, timer } = waiting;
    waiting = null;
    clearTimeout(timer);
    const left = leave(trainer).finally(() => leaving.delete(left));
    leaving.add(left);
  };

  return {
    prepare: (slot, { limits }) => {
      if (waiting?.slot === slot && !hasEnded(waiting.trainer)) {
        waiting.timer.refresh();
        return;
      }
      letGo();
      const name = `standby-${process.pid}-${++count}`;
      const trainer = startTrainer(options, {
        name,
        slot,
        folder: join(options.folder, name),
        options: (launcher) => [
          '--prepare',
          JSON.stringify({ launcher, memoryBytes: limits.memoryBytes, device: 'auto' }),
        ],
      });
      waiting = { slot, trainer, timer: setTimeout(letGo, options.waitMilliseconds).unref() };
    },
    take: (slot) => {
      if (waiting?.slot !== slot) return null;
      const { trainer, timer } = waiting;
      if (hasEnded(trainer)) {
        letGo();
        return null;
      }
      clearTimeout(timer);
      waiting = null;
      return trainer;
    },
    close: async () => {
      letGo();
      await Promise.all(leaving);
    },
  };
};

const graceMilliseconds = 2_000;

const leave = async (trainer: TrainerProcess): Promise<void> => {
  trainer.stop(graceMilliseconds);
  await trainer.exit;
  // Nothing but torch ran in it: there is nobody to tell what could not be killed, and the next start of the runner tries again.
  await trainer.killRest().catch(() => undefined);
  trainer.removeFiles();
};
