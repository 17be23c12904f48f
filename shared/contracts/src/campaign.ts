import { z } from 'zod';
import { armsSchema } from './arm.ts';
import { builtinMixers } from './builtin-mixers.ts';
import { confirmationSchema } from './confirmation.ts';
import { confirmationRuleSchema } from './confirmation-rule.ts';
import { embeddingModelSchema } from './embedding-model.ts';
import { heldOutPerSchema } from './held-out-data.ts';
import { campaignIdSchema } from './ids.ts';
import {
  deniedModelSchema,
  languageModelChangesSchema,
  languageModelSchema,
  mindSchema,
  reachedCapSchema,
  spendingSchema,
} from './language-model.ts';
import { learningSchema, policyNames } from './search-names.ts';

const gateSchema = z
  .strictObject({
    role: z
      .string()
      .regex(/^[a-z][a-z0-9-]*$/, 'expected lower-case letters, digits and dashes, a letter first')
      .describe('the service that is asked'),
    stage: z.enum(['designed', 'assessed']).describe('when it is asked: before training, or before the result counts'),
    deadlineSeconds: z.number().positive().default(60).describe('how long its verdict is waited for'),
    onSilence: z.enum(['allow', 'veto']).default('allow').describe('what happens when it does not answer in time'),
  })
  .describe('a role that may veto an experiment');

const baselineSchema = z.strictObject({
  name: z.string().describe(`a built-in: ${builtinMixers.join(', ')}`),
  seeds: z.array(z.number().int()).min(1).describe('a training run for each'),
});

/** All that a campaign file can set. Strict: an unknown key is an error, so a typing mistake is never silently ignored. */
export const campaignSettingsSchema = z.strictObject({
  title: z.string().default('campaign').describe('what people call it'),
  seed: z.number().int().default(1).describe('every id, draw and data order derives from it'),
  minds: z
    .strictObject({
      researcher: mindSchema
        .default('offline')
        .describe('who designs; offline: the grammar of mixers, llm: a language model that writes the program'),
      engineer: mindSchema
        .default('offline')
        .describe('who mends what crashes; offline: nobody, llm: a language model that changes the program minimally'),
      analyst: mindSchema
        .default('offline')
        .describe('who explains results; offline: statistics on the tree, llm: a language model that sees these too'),
      judge: mindSchema
        .default('offline')
        .describe(
          'who scores designs; offline: a stated rubric anchored on the baselines, llm: a model by that rubric',
        ),
    })
    .prefault({}),
  models: z
    .strictObject({
      common: languageModelSchema.prefault({}).describe('of every role with the mind llm'),
      researcher: languageModelChangesSchema.default({}).describe('where the researcher differs'),
      engineer: languageModelChangesSchema.default({}).describe('where the engineer differs'),
      analyst: languageModelChangesSchema.default({}).describe('where the analyst differs'),
      judge: languageModelChangesSchema.default({}).describe('where the judge differs'),
      embedding: embeddingModelSchema
        .nullable()
        .default(null)
        .describe(
          'a model of embeddings, by which minds.researcher llm also finds earlier designs that say the same in other words; null: by words and behaviour alone',
        ),
    })
    .prefault({}),
  spending: spendingSchema.prefault({}),
  policy: z.enum(policyNames).default('top-k').describe('how parents are chosen'),
  policyOptions: z
    .strictObject({
      topK: z.number().int().min(1).default(5).describe('parents are drawn from the best k'),
      references: z.number().int().min(0).default(4).describe('designs shown to the researcher beside the parent'),
      coldStart: z.number().int().min(0).default(200).describe('policy paper: candidates before the first pool update'),
      refreshEvery: z.number().int().min(1).default(50).describe('policy paper: candidates between pool updates'),
      population: z.number().int().min(2).default(20).describe('policy regularized-evolution: members alive'),
      tournament: z.number().int().min(1).default(5).describe('policy regularized-evolution: sample size'),
    })
    .prefault({}),
  budget: z
    .strictObject({
      candidates: z.number().int().min(1).default(12).describe('completed candidates after which the campaign ends'),
      minutes: z
        .number()
        .positive()
        .nullable()
        .default(null)
        .describe(
          'no new candidate is sampled after this time, counted from the start of the campaign; time in which it is stopped counts as well',
        ),
      maximalAttempts: z
        .number()
        .int()
        .min(1)
        .nullable()
        .default(null)
        .describe('candidates sampled at most, no fewer than candidates; default 4 x candidates'),
    })
    .prefault({}),
  confirmation: z
    .strictObject({
      best: z
        .number()
        .int()
        .min(0)
        .default(1)
        .describe(
          'candidates trained again with fresh seeds at the end, at most, if any is likely enough to be better; 0: none',
        ),
      seeds: z.number().int().min(2).max(200).default(8).describe('fresh seeds of each, at most: it may end earlier'),
      minutes: z.number().positive().nullable().default(null).describe('no further look is begun after this time'),
    })
    .prefault({}),
  tier: z.enum(['cpu']).default('cpu').describe('size of models and data'),
  suite: z
    .enum(['cpu-quick', 'cpu-full', 'cpu-smoke'])
    .default('cpu-quick')
    .describe(
      'tasks and steps; cpu-full has more items, more steps, a task more (needle) and a deeper language model, thirteen times as many tokens in all; cpu-smoke only proves that everything runs',
    ),
  evaluationSeed: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe(
      'what the held-out data of each seed derives from; by default a secret that the laboratory draws once. Name the same one in two laboratories to compare their scores, and never one that a program under test could know',
    ),
  objective: z
    .enum(['composite', 'merit'])
    .default('composite')
    .describe('composite: loss, benchmark and judge; merit: without the judge'),
  baselines: z
    .array(baselineSchema)
    .min(1)
    .default([
      { name: 'delta-net', seeds: [0, 1, 2] },
      { name: 'gated-delta-net', seeds: [0, 1, 2] },
      { name: 'mamba2', seeds: [0, 1, 2] },
      { name: 'linear-attention', seeds: [0, 1] },
      { name: 'softmax-attention', seeds: [0, 1] },
    ])
    .refine(
      (list) => list.some((one) => one.name === 'delta-net'),
      'delta-net must be among the baselines: fitness is measured against it',
    )
    .refine(
      (list) => list.some((one) => one.seeds.length > 1),
      'at least one baseline needs two seeds: the noise is measured from them',
    )
    .describe('trained first and once: fitness refers to delta-net, the noise is measured between the seeds'),
  candidateSeed: z
    .number()
    .int()
    .default(0)
    .describe('initialisation and data order of candidates; equal seeds are paired'),
  device: z.enum(['cpu', 'cuda', 'auto']).default('auto').describe('where candidates are trained'),
  inFlight: z
    .union([z.literal('auto'), z.number().int().min(1)])
    .default('auto')
    .describe('experiments under way at once; auto: two per training slot and two'),
  limits: z
    .strictObject({
      designSeconds: z
        .number()
        .positive()
        .default(600)
        .describe(
          'one design, its certificates and its wait for those of the baselines and of earlier designs included; with minds.researcher llm: each of its drafts; also what a model may take to mend a training',
        ),
      trainingSeconds: z
        .number()
        .positive()
        .default(900)
        .describe(
          'from the start of training; a revision begins anew, and with minds.engineer llm has designSeconds more',
        ),
      queueSeconds: z
        .number()
        .positive()
        .default(3600)
        .describe('waiting for a free slot; with minds.researcher llm also for its turn to be designed'),
      assessSeconds: z
        .number()
        .positive()
        .default(300)
        .describe(
          'one judgement or analysis; with the mind llm: each of the three calls that it may take one after the other',
        ),
      wallSeconds: z.number().positive().default(300).describe('one training job'),
      memoryGigabytes: z
        .number()
        .min(1)
        .max(4096)
        .default(6)
        .describe('address space of one training job; PyTorch alone takes about one'),
      qualityControl: z
        .enum(['stop', 'report'])
        .default('stop')
        .describe(
          "of a training that goes wrong: stop ends it early; report only writes into the job's log what it would have stopped, and why (docs/evaluation/quality-control.md)",
        ),
      parameterRatio: z
        .number()
        .positive()
        .default(1.5)
        .describe('mixer parameters compared with DeltaNet of the same size'),
      drawsPerDesign: z
        .number()
        .int()
        .min(1)
        .default(12)
        .describe('draws before a design is given up as twin or illegal; with minds.researcher offline only'),
      drafts: z
        .number()
        .int()
        .min(1)
        .default(4)
        .describe('the same with minds.researcher llm, repairs included: each is a call with a whole program'),
      revisions: z
        .number()
        .int()
        .min(0)
        .default(2)
        .describe(
          'changes of a program that fails, in training or in the first steps before it; with minds.engineer llm only',
        ),
      probeBeforeTraining: z
        .boolean()
        .default(true)
        .describe(
          'the runner takes the first steps of each training beforehand, and what fails in them is mended before it costs a training; with minds.engineer llm only',
        ),
      attempts: z
        .number()
        .int()
        .min(1)
        .default(3)
        .describe(
          'tries of each stage; a training whose runner was lost (killed, stopped) is tried again up to 20 times beside these',
        ),
    })
    .prefault({}),
  learnFromInsights: learningSchema
    .default('yes')
    .describe('shuffled: a control in which effects are assigned to the wrong components'),
  gates: z.array(gateSchema).default([]).describe('roles that may veto an experiment'),
  arms: armsSchema
    .default([])
    .describe(
      'ways of thinking between which the candidates are split, to compare them (docs/minds/arms.md); none, or at least two',
    ),
});
export type CampaignSettings = z.infer<typeof campaignSettingsSchema>;
export type Gate = CampaignSettings['gates'][number];

/** Baseline, band and noise that scores of a campaign refer to; made once from the reference runs and then fixed. */
export const referenceSchema = z.object({
  yardstick: z.string().describe('suite, trainer version and held-out data that it was measured with'),
  baseline: z
    .object({
      name: z.string().describe('of the reference model'),
      languageModelLoss: z.number().describe('mean of its runs, nats per byte'),
      battery: z.number().describe('mean of its runs'),
    })
    .describe('where a difference counts as nothing: loss and benchmark of the fitness are 0.5 there'),
  band: z
    .object({ loss: z.number().describe('nats per byte'), battery: z.number().describe('of the battery') })
    .describe('half-widths over which the two differences are clipped: the measured spread of the reference models'),
  models: z
    .array(
      z.object({
        name: z.string().describe('of the reference model'),
        seeds: z.number().int().describe('how many runs it has'),
        languageModelLoss: z.number().describe('mean of its runs, nats per byte'),
        battery: z.number().describe('mean of its runs'),
        merit: z.number().describe('mean of its runs'),
        parameters: z.number().int().describe("trainable numbers of one layer's mixer"),
        flopsPerToken: z.number().describe('forward pass of the mixer'),
        tasks: z.record(z.string(), z.number()).describe('value of each task, mean of its runs'),
      }),
    )
    .describe('what it was made from'),
  noise: z
    .object({
      languageModelLoss: z.number().describe('nats per byte'),
      battery: z.number().describe('of the battery'),
      merit: z.number().describe('of merit'),
      tasks: z.record(z.string(), z.number()).describe('of the value of each task'),
      degreesOfFreedom: z.number().int().describe('of these deviations: runs minus models'),
      method: z.string().describe('how it was measured, in words'),
    })
    .describe('standard deviation of one run between seeds, pooled over the models'),
});
export type Reference = z.infer<typeof referenceSchema>;

export const campaignStateSchema = z.enum(['running', 'paused', 'finished', 'cancelled']);
/** Of a campaign that is not over: there is never more than one such. */
export const isOpenCampaign = ({ state }: { readonly state: z.infer<typeof campaignStateSchema> }): boolean =>
  state === 'running' || state === 'paused';

export const campaignRecordSchema = z.object({
  _id: campaignIdSchema,
  number: z.number().int(),
  rev: z.number().int(),
  state: campaignStateSchema,
  /** The message that started it: a repeated delivery starts nothing twice. */
  startedBy: z.string(),
  /** Why it is paused, finished or cancelled, in words. */
  note: z.string(),
  /** The cap of spending that paused it; null when it is not paused, or for another reason. */
  capped: reachedCapSchema.nullable().default(null),
  /** The refusal of a language model's endpoint that paused it; null as above. */
  denied: deniedModelSchema.nullable().default(null),
  settings: campaignSettingsSchema,
  /** Drawn once in a laboratory, for all campaigns whose settings name no seed; null where they do. */
  drawnEvaluationSeed: z.string().nullable().default(null),
  heldOutPer: heldOutPerSchema.default('laboratory'),
  /** Of the confirmations that it chooses itself; what a person asks for is decided by the newest. */
  confirmationRule: confirmationRuleSchema.default('pooled-spread'),
  yardstick: z.string(),
  /** Ids of the baseline experiments that its reference rests on; of an earlier campaign where they could be reused. */
  baselineIds: z.array(z.string()),
  reference: referenceSchema.nullable(),
  /** Largest number of experiments under way that the runners seen so far allow. */
  inFlight: z.number().int(),
  /** When all candidates were settled: nothing is sampled after it. Null before. */
  candidatesEndedAt: z.string().nullable().default(null),
  /** In the order in which they were begun. */
  confirmations: z.array(confirmationSchema).default([]),
  /** Why no candidate was sent to confirmation; empty when one was, and before. */
  confirmationNote: z.string().default(''),
  /** How it had ended before a person asked for a confirmation; null when it is not open again. */
  reopened: z
    .object({ state: z.enum(['finished', 'cancelled']), note: z.string(), finishedAt: z.string().nullable() })
    .nullable()
    .default(null),
  /** The revision that changed its state or note and is not in the journal yet, 0 when that is its start; null: all is told. */
  untold: z.number().int().nullable().default(null),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
});
export type CampaignRecord = z.infer<typeof campaignRecordSchema>;
