import type { CampaignSettings, ExperimentRecord } from '@asi/contracts';
import type { Inflight } from '@asi/store';
import { z } from 'zod';
import type { Material } from './material.ts';
import { drawsNotCounted } from './not-counted.ts';
import { type Spending, type Spent, spentBy, spentSoFarBy, spentWords } from './spent.ts';

export const costSumSchema = z.object({
  experiments: z.number().int().describe('settled ones'),
  underWay: z.number().int().describe('experiments that are not settled: what they took so far is counted'),
  measured: z.number().int().describe('those with a measurement'),
  spentSeconds: z.number().describe(`the cost in one number: ${spentWords}`),
  atMost: z.boolean().describe('true when spentSeconds is an upper bound, as unmeasured.seconds then is'),
  cpuSeconds: z.number().describe('of measured trainings with their evaluation'),
  startUpSeconds: z.number().describe('of their process start and imports, wall clock'),
  workSeconds: z.number().describe('of their training and evaluation, wall clock'),
  unmeasured: z
    .object({
      trainings: z.number().int().describe('jobs that were started'),
      seconds: z.number().describe('that they ran, wall clock: CPU-seconds are not recorded of them'),
      atMost: z
        .boolean()
        .describe('true when the seconds are an upper bound, because nobody recorded how long some of them ran'),
    })
    .describe('trainings that failed, were cancelled or were lost, retried ones included; not those under way'),
  certificates: z
    .object({
      certificates: z
        .number()
        .int()
        .describe(
          'those that are counted: of each design that passed or was ended by one, and of each revision of a program',
        ),
      cpuSeconds: z.number().describe('spent on them'),
      drawsNotCounted: z
        .number()
        .int()
        .describe(
          'draws thrown away as twins or illegal, as far as they are on record: what their certificates took is not, nor that of baselines, of programs that the engineer discarded and of the one that its first revision replaced; nor what probes took',
        ),
    })
    .describe('proofs by execution that programs are legal'),
});
export type CostSum = z.infer<typeof costSumSchema>;

export const costsSchema = z.object({
  campaignId: z.string().describe('the campaign that is shown'),
  baselines: costSumSchema.describe('runs of this campaign only; reused ones cost nothing again'),
  candidates: costSumSchema.describe('all of them, with a result or without'),
  confirmations: costSumSchema.describe('trainings with fresh seeds that were made in this campaign'),
  total: costSumSchema.describe('all together'),
  spentSecondsPerCompletedCandidate: z
    .number()
    .nullable()
    .describe('spentSeconds of all together for each completed candidate; null before the first'),
  cpuSecondsPerCompletedCandidate: z
    .number()
    .nullable()
    .describe(
      'the same without trainings that gave no result: measured trainings and counted certificates, baselines and confirmations included; null before the first',
    ),
});
export type Costs = z.infer<typeof costsSchema>;

/** An experiment with what it took. */
type Item = {
  readonly kind: ExperimentRecord['kind'];
  readonly settled: boolean;
  readonly drawsNotCounted: number;
  readonly spent: Spent;
};

/** What the campaign's jobs cost so far. */
export function costsOf(material: Material, spending: Spending): Costs {
  const { campaign, candidates, baselines, confirmationRuns, inflight } = material;
  const settled = [...baselines, ...candidates, ...confirmationRuns].filter((one) => one.campaignId === campaign._id);
  const ended = new Set<string>(settled.map((one) => one._id));
  const items = [
    ...settled.map((one) => finishedItem(one, spending, campaign.settings)),
    ...inflight.filter((one) => !ended.has(one._id)).map((one) => underWayItem(one, spending, campaign.settings)),
  ];
  const of = (kind: Item['kind']) => sumOf(items.filter((one) => one.kind === kind));
  const total = sumOf(items);
  const completed = candidates.filter((one) => one.outcome === 'completed').length;
  const perCompleted = (seconds: number) => (completed === 0 ? null : seconds / completed);
  return {
    campaignId: campaign._id,
    baselines: of('baseline'),
    candidates: of('candidate'),
    confirmations: of('confirmation'),
    total,
    spentSecondsPerCompletedCandidate: perCompleted(total.spentSeconds),
    cpuSecondsPerCompletedCandidate: perCompleted(total.cpuSeconds + total.certificates.cpuSeconds),
  };
}

const finishedItem = (record: ExperimentRecord, spending: Spending, settings: CampaignSettings): Item => ({
  kind: record.kind,
  settled: true,
  drawsNotCounted: drawsNotCounted(record) ?? 0,
  spent: spentBy(record, spending, settings),
});

const underWayItem = (one: Inflight, spending: Spending, settings: CampaignSettings): Item => ({
  kind: one.view.kind,
  settled: false,
  drawsNotCounted: (one.view.design?.twinsAvoided ?? 0) + (one.view.design?.certificateFailures ?? 0),
  spent: spentSoFarBy(one, spending, settings),
});

function sumOf(items: readonly Item[]): CostSum {
  const sum = (of: (item: Item) => number) => items.reduce((total, item) => total + of(item), 0);
  const jobs = items.flatMap(({ spent }) => spent.trainings);
  const ended = (end: (typeof jobs)[number]['end']) => jobs.filter((job) => job.end === end);
  const seconds = (of: typeof jobs, pick: (job: (typeof jobs)[number]) => number | null) =>
    of.reduce((total, job) => total + (pick(job) ?? 0), 0);
  const measured = ended('measured');
  const unmeasured = ended('without-result');
  const startUpSeconds = seconds(measured, (job) => job.startUpSeconds);
  const atMost = unmeasured.some((job) => job.atMost);
  return {
    experiments: items.filter((item) => item.settled).length,
    underWay: items.filter((item) => !item.settled).length,
    measured: items.filter(({ spent }) => spent.trainings.some(({ end }) => end === 'measured')).length,
    spentSeconds: sum(({ spent }) => spent.seconds),
    atMost,
    cpuSeconds: seconds(measured, (job) => job.cpuSeconds),
    startUpSeconds,
    workSeconds: seconds(measured, (job) => job.seconds) - startUpSeconds,
    unmeasured: { trainings: unmeasured.length, seconds: seconds(unmeasured, (job) => job.seconds), atMost },
    certificates: {
      certificates: sum(({ spent }) => spent.certificates),
      cpuSeconds: sum(({ spent }) => spent.certificateCpuSeconds ?? 0),
      drawsNotCounted: sum((item) => item.drawsNotCounted),
    },
  };
}
