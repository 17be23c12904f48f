import { z } from 'zod';
import { ownArmSchema } from './arm.ts';
import { designSchema, programSchema, revisionSchema } from './experiment.ts';
import { attemptTokenSchema, experimentIdSchema } from './ids.ts';
import { mindSchema } from './language-model.ts';
import { measurementSchema } from './measurement.ts';
import { message } from './message-definition.ts';
import { attemptFields, failureSchema, thinkingFields } from './message-fields.ts';

/** What director and engineer say to each other. */
export const trainingMessages = {
  train: message(
    'asi.training.requested.v1',
    'cmd',
    'engineer',
    'train',
    z.object({
      ...attemptFields,
      program: programSchema,
      suite: z.string(),
      seed: z.number().int(),
      evaluationSeed: z.string(),
      device: z.enum(['cpu', 'cuda', 'auto']),
      /** Largest ratio of the mixer's parameters to DeltaNet's, counted by the scorer; null: none. */
      parameterRatio: z.number().nullable().default(null),
      ...thinkingFields,
      mind: mindSchema.default('offline'),
      /** What the program means to be; null of what was not designed. */
      design: designSchema.nullable().default(null),
      /** Whether and how far a program that fails may be changed and trained again; null: it fails as it is. */
      mending: z
        .object({
          revisions: z.number().int().min(1),
          parameterRatio: z.number(),
          campaignNumber: z.number().int(),
          ordinal: z.number().int(),
          arm: ownArmSchema,
          /** Candidates up to which it knows results; absent in messages of earlier versions. */
          horizon: z.number().int().default(0),
          /** Whether its first steps are tried before it is trained; absent in messages of earlier versions. */
          probeBeforeTraining: z.boolean().default(false),
        })
        .nullable()
        .default(null),
      wallSeconds: z.number(),
      memoryBytes: z.number(),
      /** Quality control says what it would stop, and stops nothing. */
      reportStops: z.literal(true).optional(),
    }),
  ),
  cancelTraining: message(
    'asi.training.cancel.v1',
    'cmd',
    'engineer',
    'cancel',
    z.object({ experimentId: experimentIdSchema, token: attemptTokenSchema, why: z.string() }),
  ),
  trainingStarted: message(
    'asi.training.started.v1',
    'evt',
    'engineer',
    'started',
    z.object({ ...attemptFields, jobId: z.string(), runner: z.string(), isolationTier: z.number().int() }),
  ),
  trained: message(
    'asi.training.finished.v1',
    'evt',
    'engineer',
    'trained',
    z.object({
      ...attemptFields,
      jobId: z.string(),
      measurement: measurementSchema,
      /** The measured program is that of the last one; empty: that of the command. */
      revisions: z.array(revisionSchema).default([]),
    }),
  ),
  trainingFailed: message(
    'asi.training.failed.v1',
    'evt',
    'engineer',
    'failed',
    failureSchema.extend({
      revisions: z.array(revisionSchema).default([]),
      /** How long the job ran, by its runner's ledger; null when nobody knows, as in older records. */
      seconds: z.number().nullable().default(null),
    }),
  ),
} as const;

/**
 * The command to train, once more: what was begun and lost is done before what was never begun, so it does not stand
 * behind everything that was asked for meanwhile. The same message on a subject of its own.
 */
export const trainAgain = { ...trainingMessages.train, name: 'train-again' } as const;
