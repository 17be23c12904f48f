import {
  buildSubject,
  type Clock,
  deadLetterSchema,
  deadLetterType,
  derivedMessageId,
  type Envelope,
  type ExperimentId,
  type MessageId,
  type ProcessStatus,
  parseSubject,
  type ReplyOf,
  type RequestOf,
  type ServiceName,
  systemClock,
} from '@asi/contracts';
import type { JetStreamClient, JetStreamManager, NatsConnection, Service } from 'nats';
import type { z } from 'zod';
import { type Backlog, readBacklog } from './backlog.ts';
import { openConnection } from './connection.ts';
import { type ConsumeOptions, type Consumption, consumeJournal, type DeadLetter } from './consume.ts';
import { type JournalQuery, type JournalRecord, journalHolds, newestIn, readJournal } from './journal.ts';
import { type Definition, decodeEnvelope, encodeEnvelope, type Occurrence, stamp } from './message.ts';
import { type Published, publishDurably, subjectOf } from './publish.ts';
import { announce, discover, requestService, serveEndpoint } from './service.ts';
import { journalStream, provisionStreams } from './streams.ts';

export type BusOptions = {
  readonly url: string;
  /** `role/instance`, the source of every message. */
  readonly source: string;
  readonly clock?: Clock;
  readonly firstConnectSeconds?: number;
};

/** Everything a process may do with the broker, in our words. The only package that knows NATS. */
export type Bus = {
  readonly source: string;
  /** Stamps and publishes durably. */
  publish<Data extends z.ZodType>(
    definition: Definition<Data>,
    occurrence: Occurrence<z.input<Data>>,
  ): Promise<Published & { envelope: Envelope }>;
  /**
   * Publishes what may have been published before, however long ago: not where the newest message of its subject has this
   * id. The broker itself recognises an id for some minutes only.
   */
  publishOnce<Data extends z.ZodType>(
    definition: Definition<Data>,
    occurrence: Occurrence<z.input<Data>> & { readonly id: MessageId },
  ): Promise<void>;
  /** Publishes an envelope that was stamped (and stored) before. */
  publishStamped(definition: Pick<Definition, 'kind' | 'owner' | 'name'>, envelope: Envelope): Promise<Published>;
  /** Sends without waiting for the disk: for telemetry. */
  emit<Data extends z.ZodType>(definition: Definition<Data>, occurrence: Occurrence<z.input<Data>>): void;
  consume(options: Omit<ConsumeOptions, 'onDeadLetter'>): Promise<Consumption>;
  /** Sees messages as they pass, without durability. */
  watch(subject: string, see: (envelope: Envelope, subject: string) => void): { stop(): void };
  journal(query: JournalQuery): AsyncGenerator<JournalRecord>;
  /** Whether a message of this kind was ever published of the experiment. */
  isOnRecord(definition: Pick<Definition, 'kind' | 'owner' | 'name'>, experimentId: ExperimentId): Promise<boolean>;
  /** The newest message of this kind of the experiment; null when there is none. */
  newestOnRecord(
    definition: Pick<Definition, 'kind' | 'owner' | 'name'>,
    experimentId: ExperimentId,
  ): Promise<Envelope | null>;
  lastSequence(): Promise<number>;
  /** What each durable consumer still has to do. */
  backlog(): Promise<Backlog[]>;
  request<Name extends ServiceName>(
    name: Name,
    request: RequestOf<Name>,
    options?: { timeoutMilliseconds?: number; patienceMilliseconds?: number },
  ): Promise<ReplyOf<Name>>;
  announce(status: () => ProcessStatus): Promise<Announcement>;
  discover(waitMilliseconds?: number): Promise<ProcessStatus[]>;
  connected(): boolean;
  close(): Promise<void>;
};

export type Announcement = {
  serve<Name extends ServiceName>(name: Name, handler: Parameters<typeof serveEndpoint<Name>>[2]): void;
  stop(): Promise<void>;
};

export async function connectBus(options: BusOptions): Promise<Bus> {
  const clock = options.clock ?? systemClock;
  const connection = await openConnection({
    url: options.url,
    name: options.source,
    ...(options.firstConnectSeconds === undefined ? {} : { firstConnectSeconds: options.firstConnectSeconds }),
  });
  const jetstream = connection.jetstream({ timeout: 5000 });
  const manager = await connection.jetstreamManager({ timeout: 5000 });
  await provisionStreams(manager);
  return busOver(connection, jetstream, manager, options.source, clock);
}

// A message may be as large as the broker allows; its dead letter has to fit as well, escaped once more.
const keptOfDeadLetter = 200_000;

function busOver(
  connection: NatsConnection,
  jetstream: JetStreamClient,
  manager: JetStreamManager,
  source: string,
  clock: Clock,
): Bus {
  const deadLetter = async ({ subject, code, why, original, sequence }: DeadLetter): Promise<void> => {
    const definition = {
      type: deadLetterType,
      kind: 'dlq',
      owner: 'bus',
      name: 'dead-letter',
      data: deadLetterSchema,
    } as const;
    const experiment = parseSubject(subject)?.experiment;
    const envelope = stamp(
      definition,
      {
        experimentId: experiment && experiment !== 'none' ? experiment : null,
        id: derivedMessageId('dead-letter', subject, sequence, code),
        data: { code, why, original: original.slice(0, keptOfDeadLetter), sequence },
      },
      source,
      clock,
    );
    await jetstream.publish(subject, encodeEnvelope(envelope), { msgID: envelope.id });
  };
  return {
    source,
    publish: async (definition, occurrence) => {
      const envelope = stamp(definition, occurrence, source, clock);
      return { ...(await publishDurably(jetstream, subjectOf(definition, envelope), envelope)), envelope };
    },
    publishOnce: async (definition, occurrence) => {
      const envelope = stamp(definition, occurrence, source, clock);
      const subject = subjectOf(definition, envelope);
      if ((await newestIn(manager, subject))?.id !== envelope.id) await publishDurably(jetstream, subject, envelope);
    },
    publishStamped: (definition, envelope) => publishDurably(jetstream, subjectOf(definition, envelope), envelope),
    emit: (definition, occurrence) => {
      const envelope = stamp(definition, occurrence, source, clock);
      if (!connection.isClosed()) connection.publish(subjectOf(definition, envelope), encodeEnvelope(envelope));
    },
    consume: (consumeOptions) => consumeJournal(connection, manager, { ...consumeOptions, onDeadLetter: deadLetter }),
    watch: (subject, see) => {
      const subscription = connection.subscribe(subject, {
        callback: (error, message) => {
          if (error) return;
          try {
            see(decodeEnvelope(message.string()), message.subject);
          } catch {
            // Whoever is responsible for the message makes a dead letter of it; a watcher only looks.
          }
        },
      });
      return { stop: () => subscription.unsubscribe() };
    },
    journal: (query) => readJournal(jetstream, manager, query),
    isOnRecord: (definition, experiment) => journalHolds(manager, buildSubject({ ...definition, experiment })),
    newestOnRecord: (definition, experiment) => newestIn(manager, buildSubject({ ...definition, experiment })),
    backlog: () => readBacklog(manager),
    lastSequence: async () => (await manager.streams.info(journalStream)).state.last_seq,
    request: (name, request, requestOptions) => requestService(connection, name, request, requestOptions),
    announce: async (status) => {
      const service: Service = await announce(connection, status);
      return {
        serve: (name, handler) => serveEndpoint(service, name, handler),
        stop: async () => {
          await service.stop();
        },
      };
    },
    discover: (waitMilliseconds) => discover(connection, waitMilliseconds),
    connected: () => !connection.isClosed(),
    close: async () => {
      await connection.drain().catch(() => connection.close());
    },
  };
}
