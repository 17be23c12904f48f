import type { JournalRecord } from '@asi/bus';
import { parseSubject } from '@asi/contracts';
import { z } from 'zod';
import { summaryOf } from './message-summary.ts';
import { withoutHeldOutSeeds } from './without-held-out-seeds.ts';

export const journalLineSchema = z.object({
  sequence: z.number().int().describe('number of the record in the journal, from 1'),
  time: z.string().describe('when it was said; when it was stored, for a record that does not parse'),
  subject: z.string().describe('asi.<kind>.<owner>.<name>.<experiment>'),
  kind: z.string().describe('cmd: a command to the owner, evt: a fact from it, adt: for auditors, dlq: a dead letter'),
  type: z.string().nullable().describe('versioned type of the message; null when it does not parse'),
  source: z.string().nullable().describe('role/instance that said it'),
  experimentId: z.string().nullable().describe('the experiment that it is about; null for a message of none'),
  campaignId: z.string().nullable().describe('the campaign; null when none is named'),
  id: z.string().nullable().describe('of the message'),
  causationId: z.string().nullable().describe('the message that this one follows from'),
  correlationId: z
    .string()
    .nullable()
    .describe('the experiment, or the campaign for a message of none: what is said for one purpose has the same'),
  traceparent: z
    .string()
    .nullable()
    .describe('W3C trace context: the trace is that of the correlation, the span that of the message'),
  attempt: z.number().int().nullable().describe('at the stage of the experiment; null for messages without'),
  summary: z.string().describe('one line for people; not stable'),
  problem: z.string().nullable().describe('set when the record is not a valid message'),
  data: z
    .unknown()
    .describe(
      'what the message says: by its type, see [Messages](#messages); of a seed of held-out data only the hash',
    ),
});
export type JournalLine = z.infer<typeof journalLineSchema>;

/** A record of the journal as readers see it. */
export function journalLineOf({ sequence, subject, storedAt, envelope, problem }: JournalRecord): JournalLine {
  const parts = parseSubject(subject);
  const experiment = parts && parts.experiment !== 'none' ? parts.experiment : null;
  return {
    sequence,
    time: envelope?.time ?? storedAt,
    subject,
    kind: parts?.kind ?? 'unknown',
    type: envelope?.type ?? null,
    source: envelope?.source ?? null,
    experimentId: experiment,
    campaignId: envelope?.campaignid ?? null,
    id: envelope?.id ?? null,
    causationId: envelope?.causationid ?? null,
    correlationId: envelope?.correlationid ?? null,
    traceparent: envelope?.traceparent ?? null,
    attempt: envelope?.attempt ?? null,
    summary: envelope ? summaryOf(envelope, parts?.owner ?? 'a role') : `${subject} does not parse: ${problem}`,
    problem,
    data: withoutHeldOutSeeds(envelope?.data ?? null),
  };
}
