import {
  type Clock,
  derivedMessageId,
  type Envelope,
  type ExperimentId,
  encodeNonFinite,
  envelopeSchema,
  type MessageId,
  type MessageKind,
  schemaOfType,
  terminal,
  traceparentOf,
} from '@asi/contracts';
import type { z } from 'zod';

/** What a message is, apart from its occurrence; see the catalogue in contracts. */
export type Definition<Data extends z.ZodType = z.ZodType> = {
  readonly type: string;
  readonly kind: MessageKind;
  readonly owner: string;
  readonly name: string;
  readonly data: Data;
};

export type Occurrence<Data> = {
  readonly experimentId: ExperimentId | null;
  readonly data: Data;
  /** Same id, same message: give an id that follows from the facts when the publisher may run again. */
  readonly id?: MessageId;
  readonly cause?: Envelope | null;
  readonly campaignId?: string | null;
  readonly attempt?: number;
};

let counter = 0;

/** Wraps data in an envelope. Throws a terminal error when the data does not fit the definition: a bug must not reach the journal. */
export function stamp<Data extends z.ZodType>(
  definition: Definition<Data>,
  occurrence: Occurrence<z.input<Data>>,
  source: string,
  clock: Clock,
): Envelope {
  const parsed = definition.data.safeParse(JSON.parse(JSON.stringify(occurrence.data, encodeNonFinite)));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw terminal(
      'message-invalid',
      `${definition.type} cannot be published: ${issue?.path.join('.')}: ${issue?.message}`,
    );
  }
  const now = clock.now();
  const id = occurrence.id ?? derivedMessageId(source, process.pid, now.toISOString(), counter++, Math.random());
  const correlation = occurrence.experimentId ?? occurrence.campaignId ?? 'none';
  return {
    specversion: '1.0',
    id,
    source,
    type: definition.type,
    subject: occurrence.experimentId ?? 'none',
    time: now.toISOString(),
    datacontenttype: 'application/json',
    correlationid: correlation,
    ...(occurrence.cause ? { causationid: occurrence.cause.id } : {}),
    traceparent: traceparentOf(correlation, id),
    ...(occurrence.campaignId ? { campaignid: occurrence.campaignId } : {}),
    ...(occurrence.attempt === undefined ? {} : { attempt: occurrence.attempt }),
    data: parsed.data,
  };
}

export const encodeEnvelope = (envelope: Envelope): string => JSON.stringify(envelope, encodeNonFinite);

/** Reads what came from the wire. Throws a terminal error that says what is wrong; the consumer makes a dead letter of it. */
export function decodeEnvelope(text: string): Envelope {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw terminal('message-not-json', 'the message is not JSON');
  }
  const envelope = envelopeSchema.safeParse(json);
  if (!envelope.success) {
    const issue = envelope.error.issues[0];
    throw terminal('envelope-invalid', `the envelope is not valid: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  const schema = schemaOfType(envelope.data.type);
  if (!schema) return envelope.data;
  const data = schema.safeParse(envelope.data.data);
  if (!data.success) {
    const issue = data.error.issues[0];
    throw terminal('data-invalid', `${envelope.data.type} is not valid: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  return { ...envelope.data, data: data.data };
}
