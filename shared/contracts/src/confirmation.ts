import { z } from 'zod';
import { confirmationRuleSchema } from './confirmation-rule.ts';
import { experimentIdSchema } from './ids.ts';

export const confirmationStatusSchema = z.enum(['under-way', 'confirmed', 'refuted', 'not-confirmed']);
export type ConfirmationStatus = z.infer<typeof confirmationStatusSchema>;

/** One of the things that a candidate is compared with. */
export const comparedWithSchema = z.object({
  relation: z.enum(['baseline', 'parent']).describe('what it is compared with'),
  id: z.string().describe('the parent; of a built-in its name'),
  name: z.string().describe('of the design or the built-in'),
});

/**
 * A candidate sent to confirmation: what is trained and how it will be judged, fixed before the first fresh seed. What
 * came of it is not stored: it is a function of this and of the measurements of the runs that it names.
 */
export const confirmationSchema = z.object({
  candidateId: experimentIdSchema.describe('the candidate that is to be confirmed'),
  order: z.number().int().min(1).describe('place among all confirmations of the laboratory, from 1'),
  requestedBy: z.enum(['plan', 'person']).describe('plan: chosen at the end of the campaign; person: asi confirm'),
  requestId: z.string().describe('the message that asked for it; empty for the plan'),
  level: z.number().describe('chance that it is confirmed although it is no better, by its place in the order'),
  rule: confirmationRuleSchema.default('pooled-spread').describe('by which test it is decided'),
  looks: z.array(z.number().int()).describe('numbers of pairs at which the test looks'),
  seeds: z.array(z.number().int()).describe('fresh seeds, one for each pair'),
  runs: z.array(experimentIdSchema).describe('trainings of the candidate, one for each seed'),
  against: z
    .array(
      comparedWithSchema.extend({
        runs: z.array(experimentIdSchema).describe('trainings of it, one for each seed'),
      }),
    )
    .describe('all of them must be beaten'),
  closed: z
    .enum(['time', 'cancelled'])
    .nullable()
    .describe('why no further look is begun; null while nothing forbids it'),
  concludedAt: z.string().nullable().describe('when it ended; null before'),
});
export type Confirmation = z.infer<typeof confirmationSchema>;

/** Difference of merit to one of the things that a candidate is compared with, over fresh seeds. */
export const confirmedDifferenceSchema = comparedWithSchema.extend({
  pairs: z.number().int().describe('pairs of runs with the same seed and data order that the numbers rest on'),
  effect: z.number().describe("mean of the candidate's merit minus the other's"),
  low: z
    .number()
    .describe(
      'lower end of the interval: with 95 % all lower ends of all confirmations of the laboratory hold, at every look',
    ),
  high: z.number().describe('upper end, likewise'),
  shrunk: z
    .object({
      effect: z.number().describe('posterior mean'),
      deviation: z.number().describe('posterior standard deviation'),
    })
    .nullable()
    .describe(
      "effect shrunk for selection: the campaign's candidates, the provisional run and the fresh pairs, each weighted by its precision; null with fewer than four candidates, which tell of nothing that the provisional run could be shrunk towards",
    ),
  verdict: z.enum(['better', 'worse', 'undecided']).describe('better and worse only where the interval excludes 0'),
});
export type ConfirmedDifference = z.infer<typeof confirmedDifferenceSchema>;

/** What a confirmation came to, or how far it is: a pure function of stored measurements. */
export const confirmationResultSchema = z.object({
  candidateId: z.string().describe('the candidate'),
  order: z.number().int().describe('place among all confirmations of the laboratory'),
  requestedBy: z.enum(['plan', 'person']).describe('plan: chosen at the end of the campaign; person: asi confirm'),
  level: z.number().describe('chance that it is confirmed although it is no better'),
  rule: confirmationRuleSchema
    .default('pooled-spread')
    .describe('the test that decides: pooled-spread in records from before there was a choice'),
  status: confirmationStatusSchema.describe(
    'confirmed: better than everything it is compared with; refuted: worse than some of it; not-confirmed: neither was shown',
  ),
  why: z.string().describe('in words'),
  stopped: z
    .enum(['time', 'cancelled'])
    .nullable()
    .default(null)
    .describe('what ended it before its seeds could decide; null where they did, and while it is under way'),
  pairs: z.number().int().describe('fresh seeds that the status rests on'),
  seeds: z
    .array(z.number().int())
    .describe(
      'fresh seeds that it may use; the runs that were made are in `confirmations` of the experiment: asi show ID --json',
    ),
  differences: z.array(confirmedDifferenceSchema).describe('to DeltaNet, and to the parent where that is another'),
});
export type ConfirmationResult = z.infer<typeof confirmationResultSchema>;
