import type { ExperimentRecord } from '@asi/contracts';

const timeFields = ['sampledAt', 'measuredAt', 'finishedAt', 'attempts'] as const;
const measuredTimes = [
  'trainTokensPerSecond',
  'inferenceTokensPerSecond',
  'neighbourCores',
  'cpuSeconds',
  'startUpSeconds',
  'workSeconds',
  'peakMemoryBytes',
  'isolationProof',
] as const;

/**
 * A finished experiment without what may differ between two runs of the same campaign: times, attempts, and the number
 * of the campaign. What is left must be equal.
 */
export function comparable(record: ExperimentRecord): unknown {
  const copy: Record<string, unknown> = JSON.parse(JSON.stringify(record).replaceAll(record.campaignId, 'cNNN'));
  for (const field of timeFields) delete copy[field];
  delete copy.campaignNumber;
  delete copy.yardstick;
  // The certificate says how much processor time it took, so that its hash differs where all else is equal.
  const design = copy.design as Record<string, unknown> | null;
  if (design) delete design.certificateHash;
  const measurement = copy.measurement as Record<string, unknown> | null;
  if (measurement) {
    for (const field of measuredTimes) delete measurement[field];
    for (const task of measurement.tasks as Record<string, unknown>[]) delete task.trainCpuSeconds;
  }
  return copy;
}
