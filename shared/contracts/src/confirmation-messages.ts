import { z } from 'zod';
import { confirmationResultSchema, confirmationSchema } from './confirmation.ts';
import { campaignIdSchema, experimentIdSchema } from './ids.ts';
import { message } from './message-definition.ts';

/** About a candidate that is sent to confirmation; the subject is the candidate. */
export const confirmationMessages = {
  confirmCandidate: message(
    'asi.confirmation.requested.v1',
    'cmd',
    'director',
    'confirm-candidate',
    z.object({ experimentId: experimentIdSchema, seeds: z.number().int().min(2).max(200) }),
  ),
  confirmationPlanned: message(
    'asi.confirmation.planned.v1',
    'evt',
    'director',
    'confirmation-planned',
    z.object({ campaignId: campaignIdSchema, confirmation: confirmationSchema }),
  ),
  confirmationConcluded: message(
    'asi.confirmation.concluded.v1',
    'evt',
    'director',
    'confirmation-concluded',
    z.object({ campaignId: campaignIdSchema, result: confirmationResultSchema }),
  ),
} as const;
