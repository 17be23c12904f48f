import { type DataOf, hashText, type Revision } from '@asi/contracts';
import { type JobId, type JobSpec, jobIdSchema, type Probe, type Program } from '@asi/runner-client';
import type { ProgramText } from './mind.ts';

const shortHash = (text: string): string => hashText(text).slice(0, 12);

/**
 * The same attempt is the same job, on whatever engineer the command lands: submitting it twice starts it once. A revision is
 * told by its place and its program, so that one work has one name, and another work another.
 */
export const jobIdOf = (
  { experimentId, attempt }: Pick<DataOf<'train'>, 'experimentId' | 'attempt'>,
  revisions: readonly Revision[] = [],
): JobId => {
  const last = revisions.at(-1);
  const suffix = last ? `-r${revisions.length}-${last.programHash.slice(0, 12)}` : '';
  return jobIdSchema.parse(`${experimentId}-t${attempt}${suffix}`);
};

const common = (data: DataOf<'train'>) => ({
  suite: data.suite,
  limits: { wallSeconds: data.wallSeconds, memoryBytes: Math.round(data.memoryBytes) },
  parameterBudget: data.parameterRatio,
  attempt: data.attempt,
  token: data.token,
  labels: { experiment: data.experimentId, campaign: data.campaignId },
});

export const jobSpecOf = (data: DataOf<'train'>, program: Program): JobSpec => ({
  ...common(data),
  kind: 'train',
  program,
  seed: data.seed,
  evaluationSeed: data.evaluationSeed,
  device: data.device,
  ...(data.reportStops ? { reportStops: true } : {}),
});

export type NamedJob = { readonly jobId: string; readonly spec: JobSpec };

/** No held-out data is named in it: `none` is no campaign's. */
const withoutEvaluation = { evaluationSeed: 'none', device: 'cpu' } as const;

export const certificateJobOf = (data: DataOf<'train'>, program: ProgramText): NamedJob => ({
  jobId: `${data.experimentId}-t${data.attempt}-c-${shortHash(program.source)}`,
  spec: {
    ...common(data),
    ...withoutEvaluation,
    kind: 'certify',
    program,
    seed: 0,
    parameterBudget: data.mending?.parameterRatio ?? null,
  },
});

const probeSeconds = 90;

export const probeJobOf = (data: DataOf<'train'>, program: ProgramText, probe: Probe): NamedJob => ({
  jobId: `${data.experimentId}-t${data.attempt}-p-${shortHash(JSON.stringify([probe, program.source]))}`,
  spec: {
    ...common(data),
    ...withoutEvaluation,
    kind: 'probe',
    program,
    probe,
    seed: data.seed,
    parameterBudget: null,
    limits: { ...common(data).limits, wallSeconds: Math.min(probeSeconds, data.wallSeconds) },
  },
});
