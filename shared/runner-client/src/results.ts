import { measuredNumberSchema, taskMeasurementSchema } from '@asi/contracts';
import { z } from 'zod';

export { type Certificate, certificateSchema } from '@asi/contracts';

const count = z.int().nonnegative();

export type TaskScore = z.output<typeof taskMeasurementSchema>;

/** Per held-out sequence, the mean over its answers. Every score is a pure function of these. */
export const rawScoresSchema = z.object({
  negativeLogLikelihood: z.array(measuredNumberSchema),
  accuracy: z.array(measuredNumberSchema),
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
