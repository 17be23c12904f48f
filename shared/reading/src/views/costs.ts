import type { ExperimentRecord } from '@asi/contracts';
import { z } from 'zod';
import { type CertificateSeconds, certificateHashOf } from '../certificate-seconds.ts';
import type { TrainingAttempt, TrainingAttempts } from '../training-attempts.ts';
import type { Material } from './material.ts';

const sumSchema = z.object({
  experiments: z.number().int().describe('settled ones'),
  measured: z.number().int().describe('those with a measurement'),
  cpuSeconds: z.number().describe('of measured trainings with their evaluation'),
  startUpSeconds: z.number().describe('of their process start and imports, wall clock'),
  workSeconds: z.number().describe('of their training and evaluation, wall clock'),
  unmeasured: z
    .object({
      trainings: z.number().int().describe('jobs that were started'),
      seconds: z.number().describe('from the start to the failure, wall clock: CPU-seconds are not recorded of them'),
    })
    .describe('trainings that failed, were cancelled or were lost, retried ones included; not those under way'),
  certificates: z
    .object({
      certificates: z
        .number()
        .int()
        .describe('those that are counted: one for each design that passed or was ended by it'),
      cpuSeconds: z.number().describe('spent on them'),
      drawsNotCounted: z
        .number()
        .int()
        .describe(
          'draws thrown away as twins or illegal on the way to a design: what their certificates took is not recorded, nor that of designs given up as twins',
        ),
    })
    .describe('proofs by execution that programs are legal'),
});
export type CostSum = z.infer<typeof sumSchema>;

export const costsSchema = z.object({
  campaignId: z.string().describe('the campaign that is shown'),
  baselines: sumSchema.describe('runs of this campaign only; reused ones cost nothing again'),
  candidates: sumSchema.describe('all settled ones, with a result or without'),
  confirmations: sumSchema.describe('trainings with fresh seeds that were made in this campaign'),
  total: sumSchema.describe('all together'),
  cpuSecondsPerCompletedCandidate: z
    .number()
    .nullable()
    .describe(
      'measured trainings and counted certificates, baselines and confirmations included; null before the first',
    ),
});
export type Costs = z.infer<typeof costsSchema>;

/** What is known of cost beside the records. */
export type Spending = { readonly trainings: TrainingAttempts; readonly certificates: CertificateSeconds };

/** What the campaign's jobs cost. */
export function costsOf({ campaign, candidates, baselines, confirmationRuns }: Material, spending: Spending): Costs {
  const own = baselines.filter((one) => one.campaignId === campaign._id);
  const fresh = confirmationRuns.filter((one) => one.campaignId === campaign._id);
  const total = sumOf([...own, ...candidates, ...fresh], spending);
  const completed = candidates.filter((one) => one.outcome === 'completed').length;
  return {
    campaignId: campaign._id,
    baselines: sumOf(own, spending),
    candidates: sumOf(candidates, spending),
    confirmations: sumOf(fresh, spending),
    total,
    cpuSecondsPerCompletedCandidate:
      completed === 0 ? null : (total.cpuSeconds + total.certificates.cpuSeconds) / completed,
  };
}

function sumOf(records: readonly ExperimentRecord[], spending: Spending): CostSum {
  const sum = {
    experiments: records.length,
    measured: 0,
    cpuSeconds: 0,
    startUpSeconds: 0,
    workSeconds: 0,
    unmeasured: { trainings: 0, seconds: 0 },
    certificates: { certificates: 0, cpuSeconds: 0, drawsNotCounted: 0 },
  };
  for (const record of records) {
    const { measurement, design } = record;
    if (measurement) {
      sum.measured++;
      sum.cpuSeconds += measurement.cpuSeconds;
      sum.startUpSeconds += measurement.startUpSeconds;
      sum.workSeconds += measurement.workSeconds;
    }
    for (const seconds of unmeasuredSeconds(record, spending.trainings.get(record._id) ?? [])) {
      sum.unmeasured.trainings++;
      sum.unmeasured.seconds += seconds;
    }
    const certificate = spending.certificates.get(certificateHashOf(record) ?? '');
    if (certificate !== undefined) {
      sum.certificates.certificates++;
      sum.certificates.cpuSeconds += certificate;
    }
    sum.certificates.drawsNotCounted += (design?.twinsAvoided ?? 0) + (design?.certificateFailures ?? 0);
  }
  return sum;
}

/** Wall-clock seconds of each training of a settled experiment that gave no measurement. */
function unmeasuredSeconds(
  { measurement, finishedAt }: ExperimentRecord,
  attempts: readonly TrainingAttempt[],
): number[] {
  // The last attempt is the one that was measured, if any was.
  const without = measurement ? attempts.slice(0, -1) : attempts;
  return without.map(({ startedAt, failedAt }, index) => {
    // Nobody reports a job that died with its runner: it ended at the latest when it was tried again.
    const end = failedAt ?? attempts[index + 1]?.startedAt ?? Date.parse(finishedAt);
    return Math.max(0, end - startedAt) / 1000;
  });
}
