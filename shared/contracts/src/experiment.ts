import { z } from 'zod';
import { artifactHashSchema, campaignIdSchema, experimentIdSchema } from './ids.ts';
import { measurementSchema } from './measurement.ts';

/**
 * A difference of merit up to this is what a prediction calls the same: too small to build a design on. Who predicts and
 * who checks it must mean the same by it.
 */
export const sameMerit = 0.01;

/** What was said about the result before it was known; the analyst checks it afterwards. */
export const predictionSchema = z.object({
  direction: z.enum(['better', 'worse', 'same']),
  /** Compared with the parent's measured merit. */
  metric: z.literal('merit'),
  size: z.number(),
  mechanism: z.string(),
  confidence: z.number().min(0).max(1),
});
export type Prediction = z.infer<typeof predictionSchema>;

export const citationSchema = z.object({
  kind: z.enum(['paper', 'insight', 'experiment']),
  id: z.string(),
  why: z.string(),
});

export type Citation = z.infer<typeof citationSchema>;

/** A design that passed novelty and certificate. */
export const designSchema = z.object({
  name: z.string(),
  motivation: z.string(),
  prediction: predictionSchema.nullable(),
  programHash: artifactHashSchema,
  /** The grammar's genome as JSON, where the design came from the grammar. */
  genomeHash: artifactHashSchema.nullable(),
  /** Labels `slot=option`, for the estimation of effects. */
  components: z.array(z.string()),
  citations: z.array(citationSchema),
  certificateHash: artifactHashSchema.nullable(),
  parameters: z.number().int().nullable(),
  flopsPerToken: z.number().nullable(),
  /** How often the researcher drew again because a twin was known or the certificate failed. */
  twinsAvoided: z.number().int(),
  certificateFailures: z.number().int(),
  author: z.string(),
});
export type Design = z.infer<typeof designSchema>;

/** The code a runner is asked to execute: one of the trainer's own mixers, or a program with its origin. */
export const programSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('builtin'), name: z.string() }),
  z.object({ kind: z.literal('source'), hash: artifactHashSchema, origin: z.enum(['grammar', 'foreign']) }),
]);
export type Program = z.infer<typeof programSchema>;

export const judgementSchema = z.object({
  /** Each criterion and the weighted total on a scale of 1 to 10. */
  criteria: z.record(z.string(), z.number()),
  weights: z.record(z.string(), z.number()),
  total: z.number(),
  reason: z.string(),
  author: z.string(),
});
export type Judgement = z.infer<typeof judgementSchema>;

export const comparisonSchema = z.object({
  relation: z.enum(['parent', 'sibling', 'grandparent', 'baseline']),
  experimentId: z.string(),
  name: z.string(),
  meritDifference: z.number(),
  /** True when the 95 % interval of the difference (Student's t, as on the leaderboard) excludes 0. */
  beyondNoise: z.boolean(),
  changedComponents: z.array(z.string()),
});

export const analysisSchema = z.object({
  comparisons: z.array(comparisonSchema),
  predictionHeld: z.enum(['held', 'failed', 'undecided']).nullable(),
  text: z.string(),
  insightIds: z.array(z.string()),
  citations: z.array(citationSchema),
  author: z.string(),
});
export type Analysis = z.infer<typeof analysisSchema>;

/** Paper equation 2 (arXiv 2507.18074), with baseline and band from the campaign's own reference runs. All parts in [0, 1]. */
export const fitnessSchema = z.object({
  loss: z.number(),
  benchmark: z.number(),
  judge: z.number().nullable(),
  /** (loss + benchmark) / 2: what was measured, without any opinion. */
  merit: z.number(),
  /** (loss + benchmark + judge) / 3, null until judged. */
  total: z.number().nullable(),
  /** Set when the loss is so far below the baseline that a second look is owed. */
  suspicious: z.boolean(),
});
export type Fitness = z.infer<typeof fitnessSchema>;

export const endReasonSchema = z.object({
  code: z.string(),
  message: z.string(),
  evidenceHash: artifactHashSchema.nullable(),
});
export type EndReason = z.infer<typeof endReasonSchema>;

export const experimentOutcomeSchema = z.enum(['completed', 'rejected', 'failed', 'cancelled']);
export type ExperimentOutcome = z.infer<typeof experimentOutcomeSchema>;

/** A finished experiment: inserted once by the director, never changed. */
export const experimentRecordSchema = z.object({
  _id: experimentIdSchema,
  campaignId: campaignIdSchema,
  campaignNumber: z.number().int(),
  kind: z.enum(['baseline', 'candidate']),
  /** Place in the order of sampling, from 1; null for baselines. */
  ordinal: z.number().int().nullable(),
  outcome: experimentOutcomeSchema,
  reason: endReasonSchema.nullable(),
  name: z.string(),
  baseline: z.string().nullable(),
  seed: z.number().int(),
  parentId: z.string().nullable(),
  referenceIds: z.array(z.string()),
  /** Candidates up to this ordinal were settled, and therefore known, when this one was sampled. */
  horizon: z.number().int(),
  program: programSchema.nullable(),
  design: designSchema.nullable(),
  measurement: measurementSchema.nullable(),
  judgement: judgementSchema.nullable(),
  analysis: analysisSchema.nullable(),
  fitness: fitnessSchema.nullable(),
  /** What the scores can be compared with: suite, trainer version and evaluation data. */
  yardstick: z.string(),
  attempts: z.object({ design: z.number(), training: z.number(), judging: z.number(), analysing: z.number() }),
  /** When the measurement arrived; null when there is none. */
  measuredAt: z.string().nullable().default(null),
  sampledAt: z.string(),
  finishedAt: z.string(),
});
export type ExperimentRecord = z.infer<typeof experimentRecordSchema>;
