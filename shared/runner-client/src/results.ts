import { measuredNumberSchema, taskMeasurementSchema } from '@asi/contracts';
import { z } from 'zod';

export { type Certificate, certificateSchema } from '@asi/contracts';

const count = z.int().nonnegative();

export type TaskScore = z.output<typeof taskMeasurementSchema>;

const movesShape = {
  changes: z.string(),
  changedAt: z.array(z.int()),
  gains: z.string(),
  meanGains: z.string(),
};

/** Whether losses, and what counts as right, moved where only later tokens did; packed as the trainer's scorer/raw_record.py says, see its leak_verdict.py. */
export const leakAuditSchema = z.object({
  device: z.string(),
  length: z.int(),
  cuts: z.array(z.int()),
  ...movesShape,
  /** Null where a task is ranked by its loss, and in results from before it was kept. */
  hits: z.object(movesShape).nullable().default(null),
  prefix: z.object({ losses: z.string(), hits: z.string() }).nullable(),
});

/**
 * What every scored position of a task got, packed as the trainer's scorer/raw_record.py says, and the means over each sequence.
 * Every score is a pure function of these.
 */
export const rawScoresSchema = z.object({
  negativeLogLikelihood: z.array(measuredNumberSchema),
  accuracy: z.array(measuredNumberSchema),
  answers: z.array(z.int()).default([]),
  answerLosses: z.string().default(''),
  answerHits: z.string().default(''),
  audit: leakAuditSchema.nullable().default(null),
});
export type RawScores = z.output<typeof rawScoresSchema>;

/** The outcome of a `train` job as it stands in JSON; write it with `JSON.stringify(…, encodeNonFinite)`. Losses in nats. */
export const trainResultSchema = z.object({
  tasks: z.array(taskMeasurementSchema),
  raw: z.record(z.string(), rawScoresSchema),
  /** Training loss by task: pairs of step and loss. */
  curves: z.record(z.string(), z.array(z.tuple([count, measuredNumberSchema]))),
  /** Mean accuracy over the synthetic tasks. */
  battery: measuredNumberSchema,
  /** Nats per byte, held out. */
  languageModelLoss: measuredNumberSchema,
  parameters: z.object({ mixer: count, total: count }),
  /** Elements of recurrent state of one layer at batch 1; null when unknown. */
  stateSize: count.nullable(),
  flopsPerToken: measuredNumberSchema,
  trainTokensPerSecond: measuredNumberSchema,
  /** Per CPU-second of the evaluation worker; null: not measured. */
  inferenceTokensPerSecond: measuredNumberSchema.nullable().default(null),
  /** Cores that other processes kept busy meanwhile; near 0: measured alone. */
  neighbourCores: measuredNumberSchema.nullable().default(null),
  /** Why a task's score is the prefix-only one; empty: nothing is suspect. */
  suspectLeak: z.string().default(''),
  peakMemoryBytes: count,
  cpuSeconds: measuredNumberSchema,
  /** Process start and imports. */
  startUpSeconds: measuredNumberSchema,
  workSeconds: measuredNumberSchema,
  suite: z.string(),
  seed: z.int(),
  /** Hash of the trainer's source files. */
  trainerVersion: z.string(),
});
export type TrainResult = z.output<typeof trainResultSchema>;

/** What a probe printed: the words of the program that was looked at, and no measurement. */
export const probeResultSchema = z.object({
  /** The first 16 KiB. */
  stdout: z.string(),
  /** The last 8 KiB, tracebacks among them. */
  stderr: z.string(),
  /** 0: it came to its end; 1: it raised. */
  exit: z.int(),
  /** Without start-up, by the scorer's clock. */
  seconds: measuredNumberSchema,
});
export type ProbeResult = z.output<typeof probeResultSchema>;
