import { type Envelope, everyMessageOf, journalSubjects, messageOf } from '@asi/contracts';
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

/** Reads the journal in order, without taking part in it: nothing is acknowledged, nobody's delivery changes. */
export async function* readJournal(
  jetstream: JetStreamClient,
  manager: JetStreamManager,
  query: JournalQuery,
): AsyncGenerator<JournalRecord> {
  const filters = query.experimentId ? [everyMessageOf(query.experimentId)] : [...(query.filters ?? journalSubjects)];
  const next = query.fromSequence ?? 1;
  const last = (await manager.streams.info(journalStream)).state.last_seq;
  if (!query.follow && next > last) return;
  const consumer = await jetstream.consumers.get(journalStream, {
    filterSubjects: filters,
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: next,
  });
  try {
    if (!query.follow && (await consumer.info()).num_pending === 0) return;
    yield* recordsOf(consumer, query);
  } finally {
    // The broker would keep it for minutes, and everything published meanwhile would be offered to it.
    await consumer.delete().catch(() => {});
  }
}

async function* recordsOf(consumer: Consumer, query: JournalQuery): AsyncGenerator<JournalRecord> {
  while (!query.signal?.aborted) {
    const batch = await consumer.fetch({ max_messages: 500, expires: query.follow ? 2000 : 1000 });
    const stop = () => void batch.close();
    query.signal?.addEventListener('abort', stop, { once: true });
    let received = 0;
    let pending = 0;
    for await (const message of batch) {
      received++;
      pending = message.info.pending;
      yield toRecord(message);
      if (!query.follow && pending === 0) break;
    }
    query.signal?.removeEventListener('abort', stop);
    if (!query.follow && (received === 0 || pending === 0)) return;
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
