import type { TrainingProgress } from '@asi/contracts';

export type LiveSample = { readonly step: number; readonly loss: number };

/** What is known of a training under way: its phase, the last values, and the curve of each task so far. */
export type LiveTraining = {
  readonly experimentId: string;
  readonly phase: string;
  readonly task: string | null;
  readonly step: number | null;
  readonly steps: number | null;
  readonly loss: number | null;
  /** How much of it is done, in [0, 1]. */
  readonly share: number | null;
  readonly at: string;
  readonly curves: Readonly<Record<string, readonly LiveSample[]>>;
};

export type LiveCurves = {
  see(progress: TrainingProgress, at: string): void;
  /** Forgets an experiment whose training ended. */
  forget(experimentId: string): void;
  list(): LiveTraining[];
};

const experimentLimit = 64;
const pointsPerTask = 600;

/**
 * Remembers telemetry so that a page that is opened in the middle of a training shows its curve at once. Bounded: at most
 * 64 experiments (the oldest goes first), and a curve that grows past 600 points keeps every second one.
 */
export function createLiveCurves(): LiveCurves {
  const trainings = new Map<string, LiveTraining>();
  return {
    see: (progress, at) => {
      const known = trainings.get(progress.experimentId);
      // Another job is another attempt: its curve starts anew.
      const curves: Record<string, readonly LiveSample[]> = { ...known?.curves };
      for (const sample of progress.samples) {
        const before = curves[sample.task] ?? [];
        const continues = (before.at(-1)?.step ?? -1) < sample.step;
        curves[sample.task] = thin([...(continues ? before : []), { step: sample.step, loss: Number(sample.loss) }]);
      }
      const last = progress.samples.at(-1);
      trainings.delete(progress.experimentId);
      trainings.set(progress.experimentId, {
        experimentId: progress.experimentId,
        phase: progress.phase,
        task: last?.task ?? progress.task,
        step: last?.step ?? null,
        steps: last?.steps ?? null,
        loss: last ? Number(last.loss) : null,
        share: progress.share,
        at,
        curves,
      });
      const oldest = trainings.keys().next();
      if (trainings.size > experimentLimit && !oldest.done) trainings.delete(oldest.value);
    },
    forget: (experimentId) => {
      trainings.delete(experimentId);
    },
    list: () => [...trainings.values()],
  };
}

const thin = (samples: readonly LiveSample[]): readonly LiveSample[] =>
  samples.length <= pointsPerTask
    ? samples
    : samples.filter((_, index) => index % 2 === 0 || index === samples.length - 1);
