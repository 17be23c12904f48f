import { z } from 'zod';
import { ownArmSchema } from './arm.ts';
import { campaignSettingsSchema, referenceSchema } from './campaign.ts';
import { confirmationMessages } from './confirmation-messages.ts';
import { confirmationRuleSchema } from './confirmation-rule.ts';
import { embeddingModelSchema } from './embedding-model.ts';
import {
  analysisSchema,
  designSchema,
  endReasonSchema,
  experimentKindSchema,
  experimentOutcomeSchema,
  fitnessSchema,
  judgementSchema,
  programSchema,
} from './experiment.ts';
import { heldOutPerSchema } from './held-out-data.ts';
import { artifactHashSchema, campaignIdSchema, experimentIdSchema } from './ids.ts';
import { callRecordSchema, deniedModelSchema, reachedCapSchema, spendingChangesSchema } from './language-model.ts';
import { measurementSchema } from './measurement.ts';
import { measuredMeritSchema, meritScaleSchema } from './merit-scale.ts';
import { message } from './message-definition.ts';
import { attemptFields, failureSchema, thinkingFields, thrownAwayFields } from './message-fields.ts';
import { learningSchema } from './search-names.ts';
import { trainingMessages } from './training-messages.ts';

/** A finished experiment as a designer or analyst is shown it. */
export const historyEntrySchema = z.object({
  experimentId: experimentIdSchema,
  name: z.string(),
  baseline: z.string().nullable(),
  programHash: artifactHashSchema.nullable(),
  genomeHash: artifactHashSchema.nullable(),
  components: z.array(z.string()),
  motivation: z.string(),
  merit: z.number().nullable(),
  fitness: z.number().nullable(),
  languageModelLoss: z.number().nullable(),
  battery: z.number().nullable(),
});
export type HistoryEntry = z.infer<typeof historyEntrySchema>;

/** One training of one of the trainer's own mixers. */
export const baselineRunSchema = z.object({ experimentId: experimentIdSchema, name: z.string() });
export type BaselineRun = z.infer<typeof baselineRunSchema>;

/** A known design by what it is made of, and no more. */
export const relativeSchema = historyEntrySchema.pick({ experimentId: true, name: true, components: true });
export type Relative = z.infer<typeof relativeSchema>;

/**
 * Every message of the system: its versioned type, where it stands in the subject space, and its data. A command (`cmd`)
 * is an imperative to the owner; an event (`evt`) is a fact that only the owner publishes; `adt` is for auditors.
 */
export const catalogue = {
  startCampaign: message(
    'asi.campaign.start.v1',
    'cmd',
    'director',
    'start-campaign',
    z.object({
      settings: campaignSettingsSchema,
      /** `laboratory` only to run a campaign again that was begun so. */
      heldOutPer: heldOutPerSchema.default('replicate'),
      /** `pooled-spread` likewise. */
      confirmationRule: confirmationRuleSchema.default('larger-spread'),
    }),
  ),
  continueCampaign: message(
    'asi.campaign.continue.v1',
    'cmd',
    'director',
    'continue-campaign',
    z.object({ campaignId: campaignIdSchema, spending: spendingChangesSchema.optional() }),
  ),
  pauseCampaign: message(
    'asi.campaign.pause.v1',
    'cmd',
    'director',
    'pause-campaign',
    z.object({ campaignId: campaignIdSchema }),
  ),
  cancelCampaign: message(
    'asi.campaign.cancel.v1',
    'cmd',
    'director',
    'cancel-campaign',
    z.object({ campaignId: campaignIdSchema }),
  ),
  cancelExperiment: message(
    'asi.experiment.cancel.v1',
    'cmd',
    'director',
    'cancel-experiment',
    z.object({ experimentId: experimentIdSchema }),
  ),

  campaignStarted: message(
    'asi.campaign.started.v1',
    'evt',
    'director',
    'campaign-started',
    z.object({ campaignId: campaignIdSchema, settings: campaignSettingsSchema }),
  ),
  campaignChanged: message(
    'asi.campaign.changed.v1',
    'evt',
    'director',
    'campaign-changed',
    z.object({
      campaignId: campaignIdSchema,
      state: z.enum(['running', 'paused', 'finished', 'cancelled']),
      note: z.string(),
    }),
  ),
  referenceSet: message(
    'asi.campaign.reference-set.v1',
    'evt',
    'director',
    'reference-set',
    z.object({ campaignId: campaignIdSchema, reference: referenceSchema }),
  ),

  ...confirmationMessages,

  sampled: message(
    'asi.experiment.sampled.v1',
    'evt',
    'director',
    'sampled',
    z.object({
      campaignId: campaignIdSchema,
      experimentId: experimentIdSchema,
      kind: experimentKindSchema,
      ordinal: z.number().int().nullable(),
      arm: ownArmSchema,
      name: z.string(),
      policy: z.string(),
      parentId: z.string().nullable(),
      referenceIds: z.array(z.string()),
      horizon: z.number().int(),
      seed: z.number().int(),
    }),
  ),
  design: message(
    'asi.design.requested.v1',
    'cmd',
    'researcher',
    'design',
    z.object({
      ...attemptFields,
      campaignNumber: z.number().int(),
      ordinal: z.number().int(),
      horizon: z.number().int(),
      arm: ownArmSchema,
      seed: z.string(),
      ...thinkingFields,
      /** Absent where ideas are not embedded, and in messages of earlier versions. */
      embedding: embeddingModelSchema.optional(),
      parent: historyEntrySchema,
      references: z.array(historyEntrySchema),
      /** What a design must not be a copy of: one run of each of the campaign's. Absent in messages of earlier versions. */
      baselines: z.array(baselineRunSchema).optional(),
      learnFromInsights: learningSchema,
      /** By which effects are estimated. Absent where the design knows no result, and in messages of earlier versions. */
      meritScale: meritScaleSchema.optional(),
      suite: z.string(),
      yardstick: z.string(),
      parameterRatio: z.number(),
      draws: z.number().int(),
      wallSeconds: z.number(),
      memoryBytes: z.number(),
    }),
  ),
  designed: message(
    'asi.design.finished.v1',
    'evt',
    'researcher',
    'designed',
    z.object({ ...attemptFields, arm: ownArmSchema, design: designSchema, program: programSchema }),
  ),
  designRejected: message(
    'asi.design.rejected.v1',
    'evt',
    'researcher',
    'rejected',
    z.object({ ...attemptFields, reason: endReasonSchema, twinOf: z.string().nullable(), ...thrownAwayFields }),
  ),
  designFailed: message('asi.design.failed.v1', 'evt', 'researcher', 'failed', failureSchema.extend(thrownAwayFields)),

  ...trainingMessages,

  judge: message(
    'asi.judgement.requested.v1',
    'cmd',
    'judge',
    'judge',
    z.object({
      ...attemptFields,
      ...thinkingFields,
      name: z.string(),
      baseline: z.string().nullable(),
      design: designSchema.nullable(),
      measurement: measurementSchema,
      fitness: fitnessSchema,
      reference: referenceSchema,
      parent: historyEntrySchema.nullable(),
      /** Grandparent, siblings and references of the design, as far as it could know them: each once, without its parent. */
      relatives: z.array(relativeSchema).default([]),
      /** A run of the baseline that every criterion is anchored on. Absent of baselines, where it came to no result, and in messages of earlier versions. */
      anchor: historyEntrySchema.optional(),
    }),
  ),
  judged: message(
    'asi.judgement.finished.v1',
    'evt',
    'judge',
    'judged',
    z.object({ ...attemptFields, judgement: judgementSchema }),
  ),
  judgingFailed: message('asi.judgement.failed.v1', 'evt', 'judge', 'failed', failureSchema),

  analyse: message(
    'asi.analysis.requested.v1',
    'cmd',
    'analyst',
    'analyse',
    z.object({
      ...attemptFields,
      campaignNumber: z.number().int(),
      ordinal: z.number().int(),
      horizon: z.number().int(),
      arm: ownArmSchema,
      yardstick: z.string(),
      ...thinkingFields,
      name: z.string(),
      design: designSchema,
      measurement: measurementSchema,
      fitness: fitnessSchema,
      reference: referenceSchema,
      parent: historyEntrySchema,
      grandparent: historyEntrySchema.nullable(),
      siblings: z.array(historyEntrySchema),
    }),
  ),
  analysed: message(
    'asi.analysis.finished.v1',
    'evt',
    'analyst',
    'analysed',
    z.object({ ...attemptFields, analysis: analysisSchema }),
  ),
  analysingFailed: message('asi.analysis.failed.v1', 'evt', 'analyst', 'failed', failureSchema),

  /** One call of a language model was answered or given up; the bodies are artifacts. */
  modelCalled: message('asi.model.called.v1', 'adt', 'archive', 'model-called', callRecordSchema),
  /** A cap is reached: the call that asked is not made, and nothing is until a person raises it. */
  spendingCapped: message(
    'asi.spending.capped.v1',
    'evt',
    'archive',
    'spending-capped',
    z.object({
      campaignId: campaignIdSchema,
      experimentId: experimentIdSchema.nullable(),
      role: z.string(),
      ...reachedCapSchema.shape,
      spent: z.number(),
      inFlight: z.number(),
      why: z.string(),
    }),
  ),
  /** An endpoint refuses whatever this role asks (key, quota, model): nothing more is asked until a person has mended it. */
  modelDenied: message(
    'asi.model.denied.v1',
    'evt',
    'archive',
    'model-denied',
    z.object({ campaignId: campaignIdSchema, experimentId: experimentIdSchema.nullable(), ...deniedModelSchema.shape }),
  ),

  settled: message(
    'asi.experiment.settled.v1',
    'evt',
    'director',
    'settled',
    z.object({
      campaignId: campaignIdSchema,
      campaignNumber: z.number().int(),
      experimentId: experimentIdSchema,
      kind: experimentKindSchema,
      ordinal: z.number().int().nullable(),
      arm: ownArmSchema,
      outcome: experimentOutcomeSchema,
      reason: endReasonSchema.nullable(),
      name: z.string(),
      parentId: z.string().nullable(),
      components: z.array(z.string()),
      yardstick: z.string(),
      /** Null where nothing was measured; absent in messages of earlier versions. */
      measured: measuredMeritSchema.nullable().optional(),
      fitness: fitnessSchema.nullable(),
    }),
  ),
  transition: message(
    'asi.experiment.transition.v1',
    'adt',
    'director',
    'transition',
    z.object({
      experimentId: experimentIdSchema,
      revision: z.number().int(),
      from: z.unknown(),
      event: z.string(),
      to: z.unknown(),
    }),
  ),
  ignored: message(
    'asi.experiment.ignored.v1',
    'adt',
    'director',
    'ignored',
    z.object({
      experimentId: experimentIdSchema,
      messageId: z.string(),
      type: z.string(),
      why: z.enum(['stale-attempt', 'not-expected-in-this-state', 'already-settled', 'other-trainer']),
    }),
  ),
} as const;

export type Catalogue = typeof catalogue;
export type MessageName = keyof Catalogue;
export type DataOf<Name extends MessageName> = z.infer<Catalogue[Name]['data']>;

/** Roles of other people's making are asked and answer with the same two shapes, whatever their name. */
export const gateAskedSchema = z.object({
  ...attemptFields,
  stage: z.enum(['designed', 'assessed']),
  design: designSchema,
  measurement: measurementSchema.nullable(),
  fitness: fitnessSchema.nullable(),
});
export const gateAnsweredSchema = z.object({
  ...attemptFields,
  stage: z.enum(['designed', 'assessed']),
  verdict: z.enum(['allow', 'veto']),
  why: z.string(),
  /** Artifact with what the verdict rests on, handed to the archive before the verdict was given. */
  evidenceHash: artifactHashSchema.nullable().default(null),
});
export type GateAsked = z.infer<typeof gateAskedSchema>;
export type GateAnswered = z.infer<typeof gateAnsweredSchema>;

/** A gate belongs to a role by name, so its messages are made per role. */
export const gateMessages = (role: string) => ({
  asked: message('asi.gate.asked.v1', 'cmd', role, 'gate', gateAskedSchema),
  answered: message('asi.gate.answered.v1', 'evt', role, 'gate-answered', gateAnsweredSchema),
});

export const metricSampleSchema = z.object({
  task: z.string(),
  step: z.number(),
  steps: z.number(),
  loss: z.union([z.number(), z.string()]),
  gradientNorm: z.union([z.number(), z.string()]),
  learningRate: z.number(),
});
/** Telemetry: kept for a week, never in the journal. */
export const trainingProgress = message(
  'asi.training.progress.v1',
  'tel',
  'engineer',
  'progress',
  z.object({
    experimentId: experimentIdSchema,
    jobId: z.string(),
    phase: z.string(),
    task: z.string().nullable(),
    /** How much of the training is done, in [0, 1]; null while nothing is known of it. */
    share: z.number().min(0).max(1).nullable().default(null),
    samples: z.array(metricSampleSchema),
  }),
);
export type TrainingProgress = z.infer<typeof trainingProgress.data>;

const byType = new Map<string, { data: z.ZodType }>(Object.values(catalogue).map((one) => [one.type, one]));
byType.set('asi.gate.asked.v1', { data: gateAskedSchema });
byType.set('asi.gate.answered.v1', { data: gateAnsweredSchema });
byType.set(trainingProgress.type, trainingProgress);

/** The data schema of a message type, or undefined for a type that this version does not know. */
export const schemaOfType = (type: string): z.ZodType | undefined => byType.get(type)?.data;
