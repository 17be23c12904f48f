import { z } from 'zod';
import { artifactHashSchema } from './ids.ts';
import { measuredNumberSchema } from './numbers.ts';

const count = z.number().int().nonnegative();

/** One task of a suite, measured on held-out data by the runner's scorer. */
export const taskMeasurementSchema = z.object({
  task: z.string().describe('name of the task'),
  metric: z.enum(['accuracy', 'loss']).describe('what value is: larger accuracy, smaller loss is better'),
  value: measuredNumberSchema.describe('held out'),
  loss: measuredNumberSchema.describe('mean negative log-likelihood per answer, nats'),
  standardError: measuredNumberSchema.describe(
    'of value over the held-out sequences: item noise only, not between seeds',
  ),
  sequences: count.describe('held-out sequences'),
  steps: count.describe('of training'),
  learningRate: z.number().describe('largest of the schedule'),
  trainCpuSeconds: z.number().describe('CPU-seconds of training'),
  claimedFinalTrainLoss: measuredNumberSchema.describe(
    "last training loss as the candidate's process reported it: a claim, not a measurement",
  ),
  rawSha256: z.string().describe('hash of the raw answers'),
});

/** What a training job measured, without the raw arrays and curves, which are artifacts. Every derived score is a pure function of this. */
export const measurementSchema = z.object({
  suite: z.string().describe('tasks and steps'),
  seed: z.number().int().describe('of initialisation and data order'),
  tasks: z.array(taskMeasurementSchema).min(1).describe('each task of the suite'),
  battery: measuredNumberSchema.describe('mean accuracy over the synthetic tasks, in [0, 1]'),
  languageModelLoss: measuredNumberSchema.describe('held-out loss of the byte language model, nats per byte'),
  parameters: z
    .object({ mixer: count.describe("of one layer's mixer"), total: count.describe('of the whole model') })
    .describe('trainable numbers'),
  stateSize: count
    .nullable()
    .describe(
      'elements of the recurrent state of one layer; null where it grows with the length or could not be told (evaluation/efficiency.md)',
    ),
  flopsPerToken: z.number().describe('forward pass of the mixer; 0: not measured'),
  trainTokensPerSecond: z.number().describe('while training'),
  inferenceTokensPerSecond: measuredNumberSchema
    .nullable()
    .optional()
    .describe('held-out tokens per CPU-second, forward only; absent in older records'),
  neighbourCores: measuredNumberSchema
    .nullable()
    .optional()
    .describe('cores that other processes kept busy meanwhile; near 0: figures of speed were measured alone'),
  suspectLeak: z
    .string()
    .optional()
    .describe(
      'why the score of a task is the prefix-only one: its answers may depend on later tokens; empty: nothing is suspect',
    ),
  peakMemoryBytes: z.number().describe('largest resident memory of the job'),
  cpuSeconds: z.number().describe('of the job, training and evaluation'),
  startUpSeconds: z.number().describe('process start and imports, wall clock'),
  workSeconds: z.number().describe('training and evaluation, wall clock'),
  trainerVersion: z.string().describe('hash of the trainer'),
  isolationTier: z.number().int().describe('0 none, 1 process limits, 2 sandbox'),
  isolationProof: z.string().describe('what the runner found to hold, in words'),
  runner: z.string().describe('version of the runner'),
  rawHash: artifactHashSchema.describe('artifact: raw arrays, from which every number can be computed again'),
  curvesHash: artifactHashSchema.describe('artifact: training curves'),
});
export type Measurement = z.infer<typeof measurementSchema>;

export const certificateFindingSchema = z.object({
  test: z.string().describe('name of the test'),
  kind: z
    .enum(['hard', 'soft', 'reported'])
    .describe('hard: a failure forbids training; soft: it is a remark; reported: never a failure'),
  status: z
    .enum(['pass', 'fail', 'reported', 'unsupported'])
    .describe(
      'what came out; unsupported: neither, the program needs what is missing here (older certificates: fail), or runs and cannot be counted',
    ),
  measured: measuredNumberSchema.describe('what was measured; NaN: nothing, the message says why'),
  threshold: measuredNumberSchema.nullable().describe('what it is compared with; null without'),
  smallestInput: z.string().describe('smallest input that shows it'),
  message: z.string().describe('in words'),
});

/** Proof by execution that a program is a legal linear-attention mixer. */
export const certificateSchema = z.object({
  verdict: z
    .enum(['pass', 'flagged', 'fail', 'unsupported'])
    .describe('pass and flagged (soft remarks) are legal mixers'),
  findings: z.array(certificateFindingSchema).describe('each test with its evidence'),
  parameters: count.describe('of the mixer'),
  referenceParameters: count.describe("of DeltaNet's mixer of the same size"),
  parameterRatio: measuredNumberSchema.describe('parameters divided by referenceParameters'),
  stateSize: count
    .nullable()
    .describe(
      'elements of the recurrent state; null where it grows with the length or could not be told: the finding `state size` says which',
    ),
  flopsPerToken: measuredNumberSchema.describe('forward pass of the mixer; 0: not measured'),
  flopExponent: measuredNumberSchema.describe('FLOPs grow with the length to this power; 0: not measured'),
  programHash: z
    .string()
    .describe(
      'of the syntax tree of the program that was examined, without names, comments and layout: not the hash of its text, by which artifacts are named',
    ),
  fingerprint: z
    .array(z.array(measuredNumberSchema))
    .describe(
      'segments of standardised outputs under canonical parameters; twins correlate above .99999 on all of them',
    ),
  cpuSeconds: z.number().describe('spent on the examination'),
  trainerVersion: z.string().describe('hash of the trainer'),
});
export type Certificate = z.infer<typeof certificateSchema>;

/** Whether a finding keeps its program from being trained: a hard test that it failed, or could not be put to. */
export const isObstacle = ({ kind, status }: Certificate['findings'][number]): boolean =>
  kind === 'hard' && (status === 'fail' || status === 'unsupported');

/** Whether a finding is a remark on a program that may be trained nevertheless: a soft test that it failed. */
export const isRemark = ({ kind, status }: Certificate['findings'][number]): boolean =>
  kind === 'soft' && status === 'fail';

/** The soft tests that a program failed, each once: what flags its numbers wherever they are shown. */
export const flagsOf = ({ findings }: Pick<Certificate, 'findings'>): string[] => [
  ...new Set(findings.filter(isRemark).map(({ test }) => test)),
];
