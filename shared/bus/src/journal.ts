import { type Envelope, everyMessageOf, journalSubjects, messageOf, retryable } from '@asi/contracts';
import {
  type Consumer,
  DeliverPolicy,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
  NatsError,
  type StoredMsg,
} from 'nats';
import { decodeEnvelope } from './message.ts';
import { journalStream } from './streams.ts';

/** JSNoMessageFoundErr of nats-server. */
const noMessageFound = 10037;

export type JournalRecord = {
  readonly sequence: number;
  readonly subject: string;
  /** When the broker stored it, ISO 8601. */
  readonly storedAt: string;
  readonly envelope: Envelope | null;
  /** Set when the record is not a message of ours. */
  readonly problem: string | null;
};

export type JournalQuery = {
  readonly experimentId?: string;
  readonly filters?: readonly string[];
  readonly fromSequence?: number;
  /** Go on with what is published later, until the signal aborts. */
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
};

/** A broker that is busy sends nothing for a while; one that sends nothing for so many seconds is not heard to the end. */
const mostSilentBatches = 20;

/**
 * Reads the journal in order, without taking part in it: nothing is acknowledged, nobody's delivery changes.
 * J1: every batch is asked for from behind the last record that was given, by a reader of its own: what the client loses of a
 *     batch that its time ends (it drops what came in meanwhile) is in the next one.
 * J2: only the broker's word that nothing is left ends a reading that does not follow.
 * @throws retryable `journal-silent` when the broker says that there is more, and sends nothing
 */
export async function* readJournal(
  jetstream: JetStreamClient,
  manager: JetStreamManager,
  query: JournalQuery,
): AsyncGenerator<JournalRecord> {
  const filterSubjects = query.experimentId
    ? [everyMessageOf(query.experimentId)]
    : [...(query.filters ?? journalSubjects)];
  let next = query.fromSequence ?? 1;
  if (!query.follow && next > (await manager.streams.info(journalStream)).state.last_seq) return;
  let silent = 0;
  while (!query.signal?.aborted) {
    const consumer = await jetstream.consumers.get(journalStream, {
      filterSubjects,
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: next,
    });
    try {
      const left = query.follow ? null : (await consumer.info()).num_pending;
      if (left === 0) return;
      if (silent === mostSilentBatches)
        throw retryable(
          'journal-silent',
          `the broker holds ${left} more messages of the journal and sends none: the machine has too much to do, or the broker's files are damaged`,
        );
      silent++;
      for await (const message of batchesOf(consumer, query)) {
        yield toRecord(message);
        next = message.seq + 1;
        silent = 0;
        if (!query.follow && message.info.pending === 0) return;
      }
    } finally {
      // The broker would keep it for minutes, and everything published meanwhile would be offered to it.
      await consumer.delete().catch(() => {});
    }
  }
}

/** One batch; when somebody follows, all until the first that brings something. */
async function* batchesOf(consumer: Consumer, { follow, signal }: JournalQuery): AsyncGenerator<JsMsg> {
  for (;;) {
    const batch = await consumer.fetch({ max_messages: 500, expires: follow ? 2000 : 1000 });
    const stop = () => void batch.close();
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) stop();
    let received = 0;
    try {
      for await (const message of batch) {
        received++;
        yield message;
      }
    } finally {
      signal?.removeEventListener('abort', stop);
    }
    if (!follow || received > 0 || signal?.aborted) return;
  }
}

/** Whether the journal has a message with exactly this subject. One look-up in the broker's index, whatever the journal's length. */
export const journalHolds = async (manager: JetStreamManager, subject: string): Promise<boolean> =>
  (await newestOf(manager, subject)) !== null;

/** The newest message of a subject; null when there is none. Throws terminal `envelope-invalid` when it is none of ours. */
export async function newestIn(manager: JetStreamManager, subject: string): Promise<Envelope | null> {
  const message = await newestOf(manager, subject);
  return message && decodeEnvelope(message.string());
}

async function newestOf(manager: JetStreamManager, subject: string): Promise<StoredMsg | null> {
  try {
    return await manager.streams.getMessage(journalStream, { last_by_subj: subject });
  } catch (error) {
    if (error instanceof NatsError && error.api_error?.err_code === noMessageFound) return null;
    throw error;
  }
}

function toRecord(message: JsMsg): JournalRecord {
  const { seq: sequence, subject } = message;
  const storedAt = new Date(message.info.timestampNanos / 1e6).toISOString();
  try {
    return { sequence, subject, storedAt, envelope: decodeEnvelope(message.string()), problem: null };
  } catch (error) {
    return { sequence, subject, storedAt, envelope: null, problem: messageOf(error) };
  }
}
