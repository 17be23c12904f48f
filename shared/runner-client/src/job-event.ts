import { measuredNumberSchema } from '@asi/contracts';
import { z } from 'zod';
import { jobOutcomeSchema, jobTimesSchema, provenanceSchema, versionsSchema } from './job-outcome.ts';

/** What can happen in a job's life, as stored in the ledger. `finished` is always the last. */
export const jobEventBodySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('started'), versions: versionsSchema, device: z.string() }),
  z.object({
    type: z.literal('phase'),
    phase: z.enum(['starting', 'training', 'evaluating', 'certifying', 'probing', 'reporting']),
    task: z.string().nullable(),
  }),
  z.object({
    type: z.literal('metric'),
    task: z.string(),
    step: z.int(),
    steps: z.int(),
    /** How much of the whole training is done, by its tokens; null in events of trainers that did not say. */
    share: z.number().min(0).max(1).nullable().default(null),
    /** `loss` (nats), `gradientNorm`, `learningRate`. */
    values: z.record(z.string(), measuredNumberSchema),
  }),
  z.object({ type: z.literal('log'), level: z.enum(['info', 'warn', 'error']), text: z.string() }),
  z.object({
    type: z.literal('finished'),
    outcome: jobOutcomeSchema,
    provenance: provenanceSchema,
    times: jobTimesSchema,
  }),
]);
export type JobEventBody = z.output<typeof jobEventBodySchema>;

/** `seq` is 1, 2, 3, … without gaps within a job; `time` is RFC 3339. */
export const jobEventSchema = z.object({ seq: z.int().positive(), time: z.string(), event: jobEventBodySchema });
export type JobEvent = z.output<typeof jobEventSchema>;
export type FinishedEvent = Extract<JobEventBody, { type: 'finished' }>;
