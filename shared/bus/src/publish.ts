import { buildSubject, type Envelope, type ExperimentId, isAsiError, retryable, terminal } from '@asi/contracts';
import { headers, type JetStreamClient } from 'nats';
import { type Definition, encodeEnvelope } from './message.ts';

export type Published = { readonly sequence: number; readonly duplicate: boolean };

const largestMessageBytes = 1024 * 1024 - 16 * 1024;

export const subjectOf = (definition: Pick<Definition, 'kind' | 'owner' | 'name'>, envelope: Envelope): string =>
  buildSubject({ ...definition, experiment: envelope.subject as ExperimentId | 'none' });

/**
 * The text of a message that the broker takes. Who stores messages before they are published asks here first: what is
 * stored is published again at every start.
 * @throws terminal `message-too-large`
 */
export function encodePublishable(envelope: Envelope): string {
  const payload = encodeEnvelope(envelope);
  const bytes = Buffer.byteLength(payload);
  if (bytes > largestMessageBytes)
    throw terminal(
      'message-too-large',
      `${envelope.type} has ${bytes} bytes, and a message at most ${largestMessageBytes}: hand large bodies to the archive and send their hash`,
    );
  return payload;
}

/**
 * Publishes durably: resolves when the stream has the message on disk. A broker that is away is waited for, up to
 * `patienceSeconds`; the message id makes the repetition harmless.
 */
export async function publishDurably(
  jetstream: JetStreamClient,
  subject: string,
  envelope: Envelope,
  patienceSeconds = 120,
): Promise<Published> {
  const payload = encodePublishable(envelope);
  const head = headers();
  head.set('asi-type', envelope.type);
  head.set('traceparent', envelope.traceparent);
  const deadline = Date.now() + patienceSeconds * 1000;
  for (;;) {
    try {
      const ack = await jetstream.publish(subject, payload, { msgID: envelope.id, headers: head, timeout: 5000 });
      return { sequence: ack.seq, duplicate: ack.duplicate };
    } catch (error) {
      if (isAsiError(error) || Date.now() > deadline) {
        throw retryable('publish-failed', `${subject} was not accepted by the broker for ${patienceSeconds} s`, {
          cause: error,
        });
      }
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}
