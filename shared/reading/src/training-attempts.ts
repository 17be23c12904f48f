import type { Bus } from '@asi/bus';
import { type Clock, catalogue, filterFor } from '@asi/contracts';

/** One training job that was started, as the journal tells of it. */
export type TrainingAttempt = {
  readonly attempt: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** When it was reported failed or cancelled; null when it never was: measured, lost, or still under way. */
  readonly failedAt: number | null;
};

/** The training jobs of every experiment, in the order of their attempts. */
export type TrainingAttempts = ReadonlyMap<string, readonly TrainingAttempt[]>;

const againMilliseconds = 5000;
const filters = [catalogue.trainingStarted, catalogue.trainingFailed].map(({ kind, owner, name }) =>
  filterFor(kind, owner, name),
);

/** Reads starts and failures of trainings from the journal: all once, and then only what is new, at most every five seconds. */
export function keepTrainingAttempts(bus: Bus, clock: Clock): () => Promise<TrainingAttempts> {
  const known = new Map<string, Map<string, TrainingAttempt>>();
  let next = 1;
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | null = null;

  async function read(): Promise<void> {
    const now = clock.now().getTime();
    if (now - readAt < againMilliseconds) return;
    for await (const { sequence, envelope } of bus.journal({ filters, fromSequence: next })) {
      next = sequence + 1;
      if (!envelope) continue;
      const isStart = envelope.type === catalogue.trainingStarted.type;
      const told = (isStart ? catalogue.trainingStarted : catalogue.trainingFailed).data.safeParse(envelope.data);
      if (!told.success) continue;
      const { experimentId, token, attempt } = told.data;
      const jobs = known.get(experimentId) ?? new Map<string, TrainingAttempt>();
      known.set(experimentId, jobs);
      const job = jobs.get(token);
      const at = Date.parse(envelope.time);
      if (isStart) jobs.set(token, job ?? { attempt, startedAt: at, failedAt: null });
      else if (job) jobs.set(token, { ...job, failedAt: job.failedAt ?? at });
    }
    readAt = now;
  }

  return async () => {
    reading ??= read().finally(() => {
      reading = null;
    });
    await reading;
    return new Map(
      [...known].map(([id, jobs]) => [id, [...jobs.values()].sort((a, b) => a.attempt - b.attempt)] as const),
    );
  };
}
