import { z } from 'zod';
import { nonFiniteNumber } from './non-finite-number.ts';

const count = z.int().nonnegative();

/** One task of a suite as the trusted scorer measured it on held-out sequences. Losses in nats. */
export const taskScoreSchema = z.object({
  task: z.string(),
  metric: z.enum(['accuracy', 'loss']),
  value: nonFiniteNumber,
  loss: nonFiniteNumber,
  standardError: nonFiniteNumber,
  sequences: count,
  steps: count,
  learningRate: nonFiniteNumber,
  trainCpuSeconds: nonFiniteNumber,
  /** What the candidate's own process says about its training loss; never ranked. */
  claimedFinalTrainLoss: nonFiniteNumber,
  rawSha256: z.string(),
});
export type TaskScore = z.output<typeof taskScoreSchema>;

/** Per held-out sequence, the mean over its answers. Every score is a pure function of these. */
export const rawScoresSchema = z.object({
  negativeLogLikelihood: z.array(nonFiniteNumber),
  accuracy: z.array(nonFiniteNumber),
});
export type RawScores = z.output<typeof rawScoresSchema>;

/** The outcome of a `train` job. Decode with `trainResultSchema.decode`, write JSON with `z.encode(trainResultSchema, …)`. */
export const trainResultSchema = z.object({
  tasks: z.array(taskScoreSchema),
  raw: z.record(z.string(), rawScoresSchema),
  /** Training loss by task: pairs of step and loss. */
  curves: z.record(z.string(), z.array(z.tuple([count, nonFiniteNumber]))),
  /** Mean accuracy over the synthetic tasks. */
  battery: nonFiniteNumber,
  /** Nats per byte, held out. */
  languageModelLoss: nonFiniteNumber,
  parameters: z.object({ mixer: count, total: count }),
  /** Elements of recurrent state of one layer at batch 1; null when unknown. */
  stateSize: count.nullable(),
  flopsPerToken: nonFiniteNumber,
  trainTokensPerSecond: nonFiniteNumber,
  peakMemoryBytes: count,
  cpuSeconds: nonFiniteNumber,
  startUpSeconds: nonFiniteNumber,
  workSeconds: nonFiniteNumber,
  suite: z.string(),
  seed: z.int(),
  trainerVersion: z.string(),
});
export type TrainResult = z.output<typeof trainResultSchema>;

/** One test of a certificate. `reported` findings decide nothing. */
export const findingSchema = z.object({
  test: z.string(),
  kind: z.enum(['hard', 'soft', 'reported']),
  status: z.enum(['pass', 'fail', 'reported']),
  measured: nonFiniteNumber,
  threshold: nonFiniteNumber.nullable(),
  smallestInput: z.string(),
  message: z.string(),
});
export type Finding = z.output<typeof findingSchema>;

/** The outcome of a `certify` job: what execution showed about a program, and how to recognise its twins. */
export const certificateSchema = z.object({
  verdict: z.enum(['pass', 'flagged', 'fail', 'unsupported']),
  findings: z.array(findingSchema),
  parameters: count,
  referenceParameters: count,
  parameterRatio: nonFiniteNumber,
  stateSize: count.nullable(),
  flopsPerToken: nonFiniteNumber,
  flopExponent: nonFiniteNumber,
  programHash: z.string(),
  /** Segments of standardised outputs under canonical parameters. */
  fingerprint: z.array(z.array(nonFiniteNumber)),
  cpuSeconds: nonFiniteNumber,
  trainerVersion: z.string(),
});
export type Certificate = z.output<typeof certificateSchema>;
