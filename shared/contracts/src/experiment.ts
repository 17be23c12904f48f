import { z } from 'zod';
import { ownArmSchema } from './arm.ts';
import { artifactHashSchema, campaignIdSchema, experimentIdSchema } from './ids.ts';
import { measurementSchema } from './measurement.ts';

/**
 * A difference of merit up to this is what a prediction calls the same: too small to build a design on. Who predicts and
 * who checks it must mean the same by it.
 */
export const sameMerit = 0.01;

/** What was said about the result before it was known; the analyst checks it afterwards. */
export const predictionSchema = z.object({
  direction: z
    .enum(['better', 'worse', 'same'])
    .describe("of merit, compared with the parent's measured one; same: by no more than 0.01"),
  metric: z.literal('merit').describe('what the prediction is about'),
  size: z.number().describe('expected difference of merit, without its sign'),
  mechanism: z.string().describe('why, in words'),
  confidence: z.number().min(0).max(1).describe('probability that the direction is right, as the author puts it'),
});
export type Prediction = z.infer<typeof predictionSchema>;

export const citationSchema = z.object({
  kind: z.enum(['paper', 'insight', 'experiment']).describe('what is cited'),
  id: z.string().describe('arXiv number, insight or experiment'),
  why: z.string().describe('what it is cited for'),
});

export type Citation = z.infer<typeof citationSchema>;

const callsSchema = z
  .array(z.string())
  .optional()
  .describe('calls of language models that led to it, as the ledger names them; absent where no model was asked');
const remarksSchema = z
  .array(z.string())
  .optional()
  .describe(
    'what was cut from a prompt, dropped from an answer or repaired, in words; absent where no model was asked',
  );

const flagsSchema = z
  .array(z.string())
  .optional()
  .describe(
    'soft tests that its program failed, by the certificate, by name: it may be trained, and what is unusual is marked (evaluation/certificate.md); absent in older records, which does not say that there were none',
  );

/** A design that passed novelty and certificate. */
export const designSchema = z.object({
  name: z.string().describe('what the design is called'),
  motivation: z.string().describe('why it should be good, in words'),
  prediction: predictionSchema
    .nullable()
    .describe('what was said about the result before it was known; null when nothing was'),
  programHash: artifactHashSchema.describe('artifact: the Python program'),
  parentProgramHash: artifactHashSchema
    .optional()
    .describe(
      'artifact: the program of its parent as the grammar writes it, where the parent is a baseline; absent where it is a design, and in older records',
    ),
  genomeHash: artifactHashSchema
    .nullable()
    .describe("artifact: the grammar's genome as JSON; null where the design is not from the grammar"),
  components: z.array(z.string()).describe('labels slot=option, by which effects are estimated'),
  citations: z.array(citationSchema).describe('what the author cites'),
  certificateHash: artifactHashSchema
    .nullable()
    .describe('artifact: the certificate it passed; null when there is none'),
  parameters: z.number().int().nullable().describe("of one layer's mixer, by the certificate"),
  flopsPerToken: z.number().nullable().describe('by the certificate'),
  flags: flagsSchema,
  twinsAvoided: z.number().int().describe('draws thrown away because they behave like a known design'),
  certificateFailures: z.number().int().describe('draws thrown away because they failed the certificate'),
  nearest: z
    .object({
      id: z.string().describe('the design'),
      correlation: z.number().describe('of its fingerprint with this one, the smallest over the segments'),
    })
    .nullable()
    .default(null)
    .describe('the earlier design that behaves most alike; null of the first one, and where nobody compared'),
  embedding: z
    .object({
      model: z.string().describe('whose vector it is'),
      vectorHash: artifactHashSchema.describe(
        'artifact: the answer of the model, with the vector of name and motivation',
      ),
      neighbours: z
        .array(
          z.object({
            id: z.string().describe('the earlier design'),
            cosine: z.number().describe('of the angle between the two vectors; 1: the same direction'),
          }),
        )
        .describe('earlier designs with which the idea was compared because their vectors are near, nearest first'),
    })
    .optional()
    .describe('the idea as a vector, by which later designs find it; absent where none was asked for'),
  author: z.string().describe('role/mind that designed it'),
  calls: callsSchema,
  remarks: remarksSchema,
});
export type Design = z.infer<typeof designSchema>;

/** The code a runner is asked to execute: one of the trainer's own mixers, or a program with its origin. */
export const programSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('builtin').describe("one of the trainer's own mixers"),
    name: z.string().describe('of the mixer'),
  }),
  z.object({
    kind: z.literal('source').describe('a program'),
    hash: artifactHashSchema.describe('artifact: the Python program'),
    origin: z.enum(['grammar', 'foreign']).describe('who wrote it: our own grammar, or anybody else'),
  }),
]);
export type Program = z.infer<typeof programSchema>;

export const judgementSchema = z.object({
  criteria: z.record(z.string(), z.number()).describe('each criterion on a scale of 1 to 10'),
  weights: z.record(z.string(), z.number()).describe('of the criteria; they add up to 1'),
  total: z.number().describe('weighted mean of the criteria, 1 to 10'),
  reason: z.string().describe('in words, with the numbers it rests on'),
  author: z.string().describe('role/mind that judged it'),
  repeats: z
    .array(z.record(z.string(), z.number()))
    .optional()
    .describe('what a model scored, each time that it was asked; absent where no model was asked'),
  spread: z
    .record(z.string(), z.number())
    .optional()
    .describe('largest less smallest of the repeated scores, and of the totals that each would give; absent as above'),
  calls: callsSchema,
  remarks: remarksSchema,
});
export type Judgement = z.infer<typeof judgementSchema>;

export const comparisonSchema = z.object({
  relation: z.enum(['parent', 'sibling', 'grandparent', 'baseline']).describe('what the other one is to this design'),
  experimentId: z.string().describe('the other experiment; of a baseline its name'),
  name: z.string().describe('of the other one'),
  meritDifference: z.number().describe("this design's merit minus the other's"),
  beyondNoise: z
    .boolean()
    .describe("true when the 95 % interval of the difference (Student's t, as on the leaderboard) excludes 0"),
  changedComponents: z
    .array(z.string())
    .describe('labels that this design has and the other has not; empty where the other is not described'),
});

/** An effect that a model claims, with what was measured of it: the interval lies on the claimed side of zero. */
export const claimSchema = z.object({
  subject: z.string().describe('the component that it is put down to, as slot=option; `design`: the design as a whole'),
  direction: z.enum(['better', 'worse']).describe('what it does'),
  size: z.number().describe('by how much, as the model puts it'),
  evidence: z.string().describe('the measured effect that it rests on, for example merit-vs-c001-0003'),
  measured: z.number().describe('that effect; more is better, also of a loss'),
  low: z.number().describe('lower end of its 95 % interval'),
  high: z.number().describe('upper end of its 95 % interval'),
  confidence: z.number().min(0).max(1).describe('that the subject caused it, as the model puts it'),
  statement: z.string().describe('the reading of the model in its words, which is not measured'),
});
export type Claim = z.infer<typeof claimSchema>;

export const analysisSchema = z.object({
  comparisons: z.array(comparisonSchema).describe('with relatives and baselines'),
  predictionHeld: z
    .enum(['held', 'failed', 'undecided'])
    .nullable()
    .describe('by the 95 % interval of the difference to the parent; null when nothing was predicted'),
  text: z.string().describe('the analysis in words'),
  insightIds: z.array(z.string()).describe('insights that it left'),
  citations: z.array(citationSchema).describe('what it cites'),
  author: z.string().describe('role/mind that analysed it'),
  claims: z
    .array(claimSchema)
    .optional()
    .describe('effects that a model claims, as far as they are larger than the noise; absent where no model was asked'),
  calls: callsSchema,
  remarks: remarksSchema,
});
export type Analysis = z.infer<typeof analysisSchema>;

/** Paper equation 2 (arXiv 2507.18074), with baseline and band from the campaign's own reference runs. All parts in [0, 1]. */
export const fitnessSchema = z.object({
  loss: z
    .number()
    .describe('gain in language-model loss against DeltaNet, through the sigmoid of ASI-Arch, in [0, 1]; 0.5 is equal'),
  benchmark: z.number().describe('the same of the battery'),
  judge: z.number().nullable().describe("the judge's total from 1-10 to [0, 1]; null until judged"),
  merit: z.number().describe('(loss + benchmark) / 2: what was measured, without any opinion'),
  total: z
    .number()
    .nullable()
    .describe('fitness: (loss + benchmark + judge) / 3, or merit when that is the objective; null until judged'),
  suspicious: z.boolean().describe('the loss is so far below the baseline that a second look is owed'),
});
export type Fitness = z.infer<typeof fitnessSchema>;

export const endReasonSchema = z.object({
  code: z.string().describe('stable code'),
  message: z.string().describe('in words'),
  evidenceHash: artifactHashSchema
    .nullable()
    .describe('artifact with the evidence, for example the end of the log; null without'),
});
export type EndReason = z.infer<typeof endReasonSchema>;

/** What was drawn for a design that never was one, in the words of a design's own record. */
export const thrownAwaySchema = z.object({
  twinsAvoided: z.number().int().describe('draws thrown away because they behave like a known design'),
  certificateFailures: z.number().int().describe('draws thrown away because they failed the certificate'),
});
export type ThrownAway = z.infer<typeof thrownAwaySchema>;

/** A change of the program by the engineer, before the first training of an attempt or between two. */
export const revisionSchema = z.object({
  programHash: artifactHashSchema.describe('artifact: the whole program after the change'),
  diffHash: artifactHashSchema.describe('artifact: unified diff from the program before it'),
  reason: z.string().describe('what was wrong and what was changed, in the words of the engineer'),
  cause: endReasonSchema.describe('how the training before it ended, or what its first steps showed before one'),
  calls: z.array(z.string()).describe('calls of language models that led to it, as the ledger names them'),
  remarks: remarksSchema,
  certificateHash: artifactHashSchema.describe('artifact: the certificate that the changed program passed'),
  parameters: z.number().int().describe("of one layer's mixer, by the certificate"),
  flopsPerToken: z.number().describe('by the certificate'),
  flags: flagsSchema,
});
export type Revision = z.infer<typeof revisionSchema>;

export const experimentKindSchema = z
  .enum(['baseline', 'candidate', 'confirmation'])
  .describe(
    'baseline: a run of a reference model; candidate: a design; confirmation: a stored program with a fresh seed',
  );
export type ExperimentKind = z.infer<typeof experimentKindSchema>;

export const experimentOutcomeSchema = z.enum(['completed', 'rejected', 'failed', 'cancelled']);
export type ExperimentOutcome = z.infer<typeof experimentOutcomeSchema>;

/** A finished experiment: inserted once by the director, never changed. */
export const experimentRecordSchema = z.object({
  _id: experimentIdSchema.describe(
    'the experiment, for example c001-0007 (candidate), c001-b02 (run of a baseline) or c001-f-0007-101 (fresh seed)',
  ),
  campaignId: campaignIdSchema.describe('its campaign'),
  campaignNumber: z.number().int().describe('1, 2, ... in this state folder'),
  kind: experimentKindSchema,
  ordinal: z.number().int().nullable().describe('place in the order of sampling, from 1; null for baselines'),
  arm: ownArmSchema.describe('arm of the campaign that it belongs to; null where there are none, and of baselines'),
  outcome: experimentOutcomeSchema.describe('how it ended'),
  reason: endReasonSchema.nullable().describe('why it ended without a result; null when completed'),
  name: z.string().describe('of the design or the baseline'),
  baseline: z.string().nullable().describe('name of the built-in; null for candidates'),
  seed: z.number().int().describe('of initialisation and data order'),
  parentId: z.string().nullable().describe('what it was designed from; null for baselines'),
  referenceIds: z.array(z.string()).describe('designs that the researcher was shown beside the parent'),
  horizon: z
    .number()
    .int()
    .describe('candidates up to this ordinal were settled, and therefore known, when this one was sampled'),
  program: programSchema.nullable().describe('what was trained; null before there was a program'),
  design: designSchema.nullable().describe('null for baselines, and where there was none'),
  thrownAway: thrownAwaySchema
    .optional()
    .describe(
      'what was drawn for a design that was given up, or failed; absent where there is a design, where no researcher told, and in older records',
    ),
  measurement: measurementSchema.nullable().describe('null when nothing was measured'),
  revisions: z
    .array(revisionSchema)
    .optional()
    .describe(
      'changes of the program by the engineer, in order; absent where there were none; program and design are what was measured: those after the last one',
    ),
  judgement: judgementSchema.nullable().describe('null when not judged'),
  analysis: analysisSchema.nullable().describe('null when not analysed'),
  fitness: fitnessSchema.nullable().describe('null when nothing was measured'),
  yardstick: z
    .string()
    .describe('suite, trainer version and held-out data: losses and accuracies with the same yardstick compare'),
  attempts: z
    .object({
      design: z.number().describe('of the design'),
      training: z.number().describe('of the training, with those that were lost with their runner'),
      judging: z.number().describe('of the judgement'),
      analysing: z.number().describe('of the analysis'),
    })
    .describe('tries of each stage'),
  measuredAt: z.string().nullable().default(null).describe('when the measurement arrived; null when there is none'),
  sampledAt: z.string().describe('when it was begun'),
  finishedAt: z.string().describe('when it ended'),
});
export type ExperimentRecord = z.infer<typeof experimentRecordSchema>;
