import { z } from 'zod';
import { artifactHashSchema } from './ids.ts';
import { measuredNumberSchema } from './numbers.ts';

const count = z.number().int().nonnegative();

/** One task of a suite, measured on held-out data by the runner's scorer. */
export const taskMeasurementSchema = z.object({
  task: z.string(),
  metric: z.enum(['accuracy', 'loss']),
  value: measuredNumberSchema,
  /** Mean negative log-likelihood per answer, in nats. */
  loss: measuredNumberSchema,
  /** Standard error of `value` over the held-out sequences (item noise only, not between-seed noise). */
  standardError: measuredNumberSchema,
  sequences: count,
  steps: count,
  learningRate: z.number(),
  trainCpuSeconds: z.number(),
  claimedFinalTrainLoss: measuredNumberSchema,
  rawSha256: z.string(),
});

/** What a training job measured, without the raw arrays and curves, which are artifacts. Every derived score is a pure function of this. */
export const measurementSchema = z.object({
  suite: z.string(),
  seed: z.number().int(),
  tasks: z.array(taskMeasurementSchema).min(1),
  /** Mean accuracy over the synthetic tasks, in [0, 1]. */
  battery: measuredNumberSchema,
  /** Held-out loss of the byte language model, in nats per byte. */
  languageModelLoss: measuredNumberSchema,
  parameters: z.object({ mixer: count, total: count }),
  stateSize: count.nullable(),
  flopsPerToken: z.number(),
  trainTokensPerSecond: z.number(),
  peakMemoryBytes: z.number(),
  cpuSeconds: z.number(),
  startUpSeconds: z.number(),
  workSeconds: z.number(),
  trainerVersion: z.string(),
  isolationTier: z.number().int(),
  isolationProof: z.string(),
  runner: z.string(),
  rawHash: artifactHashSchema,
  curvesHash: artifactHashSchema,
});
export type Measurement = z.infer<typeof measurementSchema>;

export const certificateFindingSchema = z.object({
  test: z.string(),
  kind: z.enum(['hard', 'soft', 'reported']),
  status: z.enum(['pass', 'fail', 'reported']),
  measured: measuredNumberSchema,
  threshold: measuredNumberSchema.nullable(),
  smallestInput: z.string(),
  message: z.string(),
});

/** Proof by execution that a program is a legal linear-attention mixer. */
export const certificateSchema = z.object({
  verdict: z.enum(['pass', 'flagged', 'fail', 'unsupported']),
  findings: z.array(certificateFindingSchema),
  parameters: count,
  referenceParameters: count,
  parameterRatio: measuredNumberSchema,
  stateSize: count.nullable(),
  flopsPerToken: measuredNumberSchema,
  flopExponent: measuredNumberSchema,
  programHash: z.string(),
  /** Segments of standardised outputs under canonical parameters; twins correlate above .999 on all segments. */
  fingerprint: z.array(z.array(measuredNumberSchema)),
  cpuSeconds: z.number(),
  trainerVersion: z.string(),
});
export type Certificate = z.infer<typeof certificateSchema>;
