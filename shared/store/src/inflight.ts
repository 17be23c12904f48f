import { designSchema, envelopeSchema, experimentKindSchema, measurementSchema, ownArmSchema } from '@asi/contracts';
import { z } from 'zod';

/** A message that was decided together with a state and is published after it: stored with the state in one write. */
export const outboxEntrySchema = z.object({
  kind: z.enum(['cmd', 'evt', 'adt', 'dlq', 'tel']),
  owner: z.string(),
  name: z.string(),
  envelope: envelopeSchema,
});
export type OutboxEntry = z.infer<typeof outboxEntrySchema>;

/** An experiment that is being advanced: everything that decides about it, in one document. */
export const inflightSchema = z.object({
  _id: z.string(),
  rev: z.number().int(),
  machine: z.string(),
  version: z.number().int(),
  /** Persisted snapshot of the machine (state value and context). */
  snapshot: z.unknown(),
  /** Ids of the messages that were taken into account, newest last, bounded. */
  inbox: z.array(z.string()),
  /** Messages decided but perhaps not published yet. */
  outbox: z.array(outboxEntrySchema),
  deadlineAt: z.string().nullable(),
  settled: z.boolean(),
  /** What readers show of it, so that they need not understand the snapshot. */
  view: z.object({
    campaignId: z.string(),
    kind: experimentKindSchema,
    ordinal: z.number().int().nullable(),
    arm: ownArmSchema,
    name: z.string(),
    state: z.string(),
    since: z.string(),
    attempt: z.number().int(),
    parentId: z.string().nullable(),
    sampledAt: z.string(),
    /** When the measurement arrived. */
    measuredAt: z.string().nullable().default(null),
    /** Null before it is designed, and of what is not designed. */
    design: designSchema.nullable().default(null),
    /** Null before it is measured. */
    measurement: measurementSchema.nullable().default(null),
  }),
});
export type Inflight = z.infer<typeof inflightSchema>;
