import type { Bus } from '@asi/bus';
import { type Clock, catalogue, type Envelope, filterFor, type Measurement } from '@asi/contracts';

/** What a measured training took. */
export type MeasuredCost = Pick<Measurement, 'cpuSeconds' | 'startUpSeconds' | 'workSeconds'>;

/** One training job that was started, as the journal tells of it. */
export type TrainingAttempt = {
  readonly attempt: number;
  /** Milliseconds since 1970; null when the journal does not tell. */
  readonly startedAt: number | null;
  /** Null when its end was never reported: it is still under way, or nobody was left to report it. */
  readonly end:
    | { readonly kind: 'measured'; readonly cost: MeasuredCost }
    | {
        readonly kind: 'failed';
        readonly code: string;
        /** When it was reported, which may be long after the end. */
        readonly reportedAt: number;
        /** How long the job ran; null in older messages. */
        readonly seconds: number | null;
      }
    | null;
};

/** The training jobs of every experiment, in the order of their attempts. */
export type TrainingAttempts = ReadonlyMap<string, readonly TrainingAttempt[]>;

const againMilliseconds = 5000;
const { trainingStarted, trainingFailed, trained } = catalogue;
const filters = [trainingStarted, trainingFailed, trained].map(({ kind, owner, name }) => filterFor(kind, owner, name));

/** Reads starts and ends of trainings from the journal: all once, and then only what is new, at most every five seconds. */
export function keepTrainingAttempts(bus: Pick<Bus, 'journal'>, clock: Clock): () => Promise<TrainingAttempts> {
  const known = new Map<string, Map<string, TrainingAttempt>>();
  let next = 1;
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | null = null;

  async function read(): Promise<void> {
    const now = clock.now().getTime();
    if (now - readAt < againMilliseconds) return;
    for await (const { sequence, envelope } of bus.journal({ filters, fromSequence: next })) {
      next = sequence + 1;
      const told = envelope && attemptOf(envelope);
      if (!told) continue;
      const { experimentId, token, ...attempt } = told;
      const jobs = known.get(experimentId) ?? new Map<string, TrainingAttempt>();
      known.set(experimentId, jobs);
      const before = jobs.get(token);
      // What never was started (refused, or cancelled in the queue) is no training. One that its runner lost at once was: its
      // ledger knows, though nobody was told.
      if (!before && attempt.end?.kind === 'failed' && !attempt.end.seconds) continue;
      jobs.set(token, before ? { ...before, end: before.end ?? attempt.end } : attempt);
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

type Told = TrainingAttempt & { readonly experimentId: string; readonly token: string };

/** What one message says of one job; null when it does not parse. */
function attemptOf({ type, time, data }: Envelope): Told | null {
  const at = Date.parse(time);
  if (type === trainingStarted.type) {
    const told = trainingStarted.data.safeParse(data).data;
    return told ? { ...keyOf(told), startedAt: at, end: null } : null;
  }
  if (type === trained.type) {
    const told = trained.data.safeParse(data).data;
    if (!told) return null;
    const { cpuSeconds, startUpSeconds, workSeconds } = told.measurement;
    return {
      ...keyOf(told),
      startedAt: null,
      end: { kind: 'measured', cost: { cpuSeconds, startUpSeconds, workSeconds } },
    };
  }
  const told = trainingFailed.data.safeParse(data).data;
  if (!told) return null;
  const { reason, seconds } = told;
  return { ...keyOf(told), startedAt: null, end: { kind: 'failed', code: reason.code, reportedAt: at, seconds } };
}

const keyOf = ({ experimentId, token, attempt }: Omit<Told, 'startedAt' | 'end'>) => ({ experimentId, token, attempt });
