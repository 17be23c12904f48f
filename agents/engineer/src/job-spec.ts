import type { DataOf } from '@asi/contracts';
import { type JobId, type JobSpec, jobIdSchema, type Program } from '@asi/runner-client';

/** The same attempt is the same job, on whatever engineer the command lands: submitting it twice starts it once. */
export const jobIdOf = ({ experimentId, attempt }: Pick<DataOf<'train'>, 'experimentId' | 'attempt'>): JobId =>
  jobIdSchema.parse(`${experimentId}-t${attempt}`);

export const jobSpecOf = (data: DataOf<'train'>, program: Program): JobSpec => ({
  kind: 'train',
  program,
  suite: data.suite,
  seed: data.seed,
  evaluationSeed: data.evaluationSeed,
  device: data.device,
  limits: { wallSeconds: data.wallSeconds, memoryBytes: Math.round(data.memoryBytes) },
  parameterBudget: null,
  attempt: data.attempt,
  token: data.token,
  labels: { experiment: data.experimentId, campaign: data.campaignId },
});
