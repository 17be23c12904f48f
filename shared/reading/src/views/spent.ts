import type { CampaignSettings, ExperimentRecord } from '@asi/contracts';
import type { Inflight } from '@asi/store';
import { z } from 'zod';
import { type CertificateSeconds, certificateHashesIn } from '../certificate-seconds.ts';
import type { MeasuredCost, TrainingAttempt, TrainingAttempts } from '../training-attempts.ts';
import { type NotCounted, notCountedOf, notCountedSchema, notCountedSoFarOf } from './not-counted.ts';

const atMostSchema = z
  .boolean()
  .describe('true when the seconds are an upper bound, because nobody recorded how long a job ran');

export const trainingJobSchema = z.object({
  attempt: z.number().int().describe('at this training, from 1'),
  startedAt: z.string().nullable().describe('when its job began; null when the journal does not tell'),
  end: z
    .enum(['measured', 'without-result', 'under-way'])
    .describe('without-result: it failed, was cancelled or was lost'),
  code: z.string().nullable().describe('why there is no result, a stable code; null where nobody reported it'),
  cpuSeconds: z.number().nullable().describe('with evaluation; null of what was not measured'),
  seconds: z.number().nullable().describe('that its job ran, wall clock; null while it is under way'),
  startUpSeconds: z
    .number()
    .nullable()
    .describe('of these, for process start and imports; null of what was not measured'),
  atMost: atMostSchema,
});
export type TrainingJob = z.infer<typeof trainingJobSchema>;

/** What is counted as spent, the same everywhere. */
export const spentWords =
  'CPU-seconds of trainings with a result, clock seconds of trainings without one (their CPU-seconds are not recorded) and CPU-seconds of certificates, together; as soon as each is known';

export const spentSchema = z.object({
  seconds: z.number().describe(spentWords),
  atMost: atMostSchema,
  trainings: z.array(trainingJobSchema).describe('every job that was started, in the order of attempts'),
  certificates: z.number().int().describe('that are counted: of the design, and of each revision'),
  certificateCpuSeconds: z.number().nullable().describe('of these certificates; null when there is none'),
  notCounted: z
    .array(notCountedSchema)
    .describe(
      'what ran, or may have run, and took CPU-seconds that are on no record: with any of these the seconds are at least so many',
    ),
});
export type Spent = z.infer<typeof spentSchema>;

/** What is known of cost beside the documents. */
export type Spending = { readonly trainings: TrainingAttempts; readonly certificates: CertificateSeconds };

/**
 * What a finished experiment took.
 * @param settings of its campaign; null where they are not known
 */
export const spentBy = (record: ExperimentRecord, spending: Spending, settings: CampaignSettings | null): Spent =>
  spentOf(
    trainingJobsOf(spending.trainings.get(record._id) ?? [], record.measurement, Date.parse(record.finishedAt)),
    secondsOf(certificateHashesIn(record), spending),
    notCountedOf(record, settings),
  );

/** What an experiment that is under way took so far. */
export const spentSoFarBy = (one: Inflight, spending: Spending, settings: CampaignSettings | null): Spent =>
  spentOf(
    trainingJobsOf(spending.trainings.get(one._id) ?? [], null, null),
    secondsOf([one.view.design?.certificateHash ?? ''], spending),
    notCountedSoFarOf(one, settings),
  );

const secondsOf = (hashes: readonly string[], { certificates }: Spending): number[] =>
  hashes.flatMap((hash) => certificates.get(hash) ?? []);

function spentOf(trainings: TrainingJob[], certificates: readonly number[], notCounted: NotCounted[]): Spent {
  const ofCertificates = certificates.reduce((sum, one) => sum + one, 0);
  const ofTrainings = trainings.reduce((sum, one) => sum + (one.cpuSeconds ?? one.seconds ?? 0), 0);
  return {
    seconds: ofTrainings + ofCertificates,
    atMost: trainings.some(({ atMost }) => atMost),
    trainings,
    certificates: certificates.length,
    certificateCpuSeconds: certificates.length === 0 ? null : ofCertificates,
    notCounted,
  };
}

/** @param endedAt of the experiment, milliseconds since 1970; null while it is under way */
function trainingJobsOf(
  attempts: readonly TrainingAttempt[],
  measured: MeasuredCost | null,
  endedAt: number | null,
): TrainingJob[] {
  const isTold = !measured || attempts.some(({ end }) => end?.kind === 'measured');
  const all = isTold ? attempts : withMeasured(attempts, measured);
  return all.map((one, index) => {
    const { attempt, startedAt } = one;
    return {
      attempt,
      startedAt: startedAt === null ? null : new Date(startedAt).toISOString(),
      // Of a job that nobody reported: it ended at the latest when it was tried again.
      ...endOf(one, all[index + 1]?.startedAt ?? endedAt),
    };
  });
}

/** The record may know of a measurement before the journal is read anew: the last attempt is the one that was measured. */
function withMeasured(attempts: readonly TrainingAttempt[], cost: MeasuredCost): TrainingAttempt[] {
  const last = attempts.at(-1);
  const open = last?.end === null ? last : { attempt: (last?.attempt ?? 0) + 1, startedAt: null };
  return [...attempts.filter((one) => one !== open), { ...open, end: { kind: 'measured', cost } }];
}

function endOf({ startedAt, end }: TrainingAttempt, latest: number | null): Omit<TrainingJob, 'attempt' | 'startedAt'> {
  const unmeasured = { cpuSeconds: null, startUpSeconds: null };
  if (end?.kind === 'measured') {
    const { cpuSeconds, startUpSeconds, workSeconds } = end.cost;
    const seconds = startUpSeconds + workSeconds;
    return { end: 'measured', code: null, cpuSeconds, seconds, startUpSeconds, atMost: false };
  }
  const until = end?.reportedAt ?? latest;
  if (until === null) return { ...unmeasured, end: 'under-way', code: null, seconds: null, atMost: false };
  const bound = Math.max(0, until - (startedAt ?? until)) / 1000;
  const seconds = end?.seconds ?? bound;
  return {
    ...unmeasured,
    end: 'without-result',
    code: end?.code ?? null,
    seconds,
    atMost: typeof end?.seconds !== 'number',
  };
}
