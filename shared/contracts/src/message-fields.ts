import { z } from 'zod';
import { endReasonSchema, thrownAwaySchema } from './experiment.ts';
import { attemptTokenSchema, campaignIdSchema, experimentIdSchema } from './ids.ts';
import { languageModelSchema, mindSchema } from './language-model.ts';

/** What an attempt at a stage carries, so that an answer to an older attempt is recognised as stale. */
export const attemptFields = {
  campaignId: campaignIdSchema,
  experimentId: experimentIdSchema,
  attempt: z.number().int().min(1),
  token: attemptTokenSchema,
};

/** How the asked role thinks; null where its mind is offline, and in messages of earlier versions. */
export const thinkingFields = {
  mind: mindSchema,
  model: languageModelSchema.nullable().default(null),
};

export const failureSchema = z.object({
  ...attemptFields,
  kind: z.enum(['terminal', 'retryable']),
  reason: endReasonSchema,
});

/** What was drawn where no design came of it; absent in messages of earlier versions. */
export const thrownAwayFields = { thrownAway: thrownAwaySchema.optional() };
