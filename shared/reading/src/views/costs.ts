import type { ExperimentRecord } from '@asi/contracts';
import { z } from 'zod';
import type { Material } from './material.ts';

const sumSchema = z.object({
  experiments: z.number().int(),
  measured: z.number().int().describe('those with a measurement; of the others no cost is known'),
  cpuSeconds: z.number(),
  startUpSeconds: z.number().describe('of process start and imports, wall clock'),
  workSeconds: z.number().describe('of training and evaluation, wall clock'),
});
export type CostSum = z.infer<typeof sumSchema>;

export const costsSchema = z.object({
  campaignId: z.string(),
  baselines: sumSchema.describe('runs of this campaign only; reused ones cost nothing again'),
  candidates: sumSchema,
  total: sumSchema,
  cpuSecondsPerCompletedCandidate: z.number().nullable().describe('everything spent, baselines included'),
});
export type Costs = z.infer<typeof costsSchema>;

/** What the campaign's training jobs cost. */
export function costsOf({ campaign, candidates, baselines }: Material): Costs {
  const own = baselines.filter((one) => one.campaignId === campaign._id);
  const total = sumOf([...own, ...candidates]);
  const completed = candidates.filter((one) => one.outcome === 'completed').length;
  return {
    campaignId: campaign._id,
    baselines: sumOf(own),
    candidates: sumOf(candidates),
    total,
    cpuSecondsPerCompletedCandidate: completed === 0 ? null : total.cpuSeconds / completed,
  };
}

function sumOf(records: readonly ExperimentRecord[]): CostSum {
  const sum = { experiments: records.length, measured: 0, cpuSeconds: 0, startUpSeconds: 0, workSeconds: 0 };
  for (const { measurement } of records) {
    if (!measurement) continue;
    sum.measured++;
    sum.cpuSeconds += measurement.cpuSeconds;
    sum.startUpSeconds += measurement.startUpSeconds;
    sum.workSeconds += measurement.workSeconds;
  }
  return sum;
}
