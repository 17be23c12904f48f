import {
  type AsiError,
  buildSubject,
  type Envelope,
  isAsiError,
  messageOf,
  parseSubject,
  retryable,
} from '@asi/contracts';
import { AckPolicy, DeliverPolicy, type JetStreamManager, type JsMsg, type NatsConnection, nanos } from 'nats';
import { decodeEnvelope } from './message.ts';
import { openPulls } from './pull.ts';
import { journalStream } from './streams.ts';

export type Delivery = {
  readonly envelope: Envelope;
  readonly sequence: number;
  readonly redeliveries: number;
  readonly signal: AbortSignal;
};

/** What a worker needs to take a message, beside being free. */
export type Places = {
  /** Resolves when there is one, or at once when the signal aborts. */
  take(signal: AbortSignal): Promise<void>;
  leave(): void;
};

export type ConsumeOptions = {
  /** The durable consumer: instances of a role share it, and with it the work. */
  readonly durable: string;
  readonly filters: readonly string[];
  /** Messages handled at once by this process. */
  readonly concurrency: number;
  /**
   * Messages under way in all instances together, those included that wait to be delivered again; 1 keeps the order of the
   * stream even across crashes. By default more than anybody has.
   */
  readonly underWay?: number;
  /** Where work may give its place to another message before it ends; `concurrency` is then the most that is under way. */
  readonly places?: Places;
  /** Deliver only what is published from now on, when the consumer is new. */
  readonly fromNow?: boolean;
  readonly leaseSeconds?: number;
  readonly handle: (delivery: Delivery) => Promise<void>;
  readonly onDeadLetter: (letter: DeadLetter) => Promise<void>;
  readonly onError?: (error: unknown, envelope: Envelope | null) => void;
};

export type DeadLetter = {
  readonly subject: string;
  readonly code: string;
  readonly why: string;
  readonly original: string;
  readonly sequence: number;
};

export type Consumption = { readonly stop: () => Promise<void>; readonly active: () => number };

/** A bug that throws every time is given up on soon; a peer that is away is waited for, for about 16 hours. */
const failuresBeforeDeadLetter = { unknown: 25, declared: 2000 } as const;
/** Until a person has changed something there is no hurry, and no end of patience. */
const pausedDelay = 15_000;
const retryDelay = (failures: number) => Math.min(30_000, 250 * 2 ** Math.min(failures, 7));

/**
 * Takes one message per free place and no more, so that a busy process never hoards work. The lease is renewed while the
 * handler runs. The kind of the handler's error decides: retryable → again later, paused → again later however often,
 * cancelled → done, terminal → dead letter.
 */
export async function consumeJournal(
  connection: NatsConnection,
  manager: JetStreamManager,
  options: ConsumeOptions,
): Promise<Consumption> {
  const lease = (options.leaseSeconds ?? 15) * 1000;
  await ensureConsumer(manager, options, lease);
  const stopping = new AbortController();
  let active = 0;
  /**
   * Failures of this process, by sequence. The broker counts deliveries, and most of these may have waited for a person,
   * here, in another process or before a restart: patience is lost over failures that were seen alone.
   */
  const failuresOf = new Map<number, number>();

  const handleOne = async (message: JsMsg): Promise<void> => {
    active++;
    const heartbeat = setInterval(() => message.working(), lease / 3);
    let envelope: Envelope | null = null;
    try {
      envelope = decodeEnvelope(message.string());
      await options.handle({
        envelope,
        sequence: message.seq,
        redeliveries: message.info.redeliveryCount - 1,
        signal: stopping.signal,
      });
      await message.ackAck().catch(() => message.ack());
      failuresOf.delete(message.seq);
    } catch (error) {
      options.onError?.(error, envelope);
      await settleFailure(message, error, options, failuresOf);
    } finally {
      clearInterval(heartbeat);
      active--;
    }
  };

  const pulls = openPulls(connection, {
    durable: options.durable,
    onTrouble: (description) => options.onError?.(retryable('pull-refused', `the broker: ${description}`), null),
  });
  const worker = async (): Promise<void> => {
    for (;;) {
      await options.places?.take(stopping.signal);
      const message = await pulls.next();
      if (!message) return;
      if (stopping.signal.aborted) message.nak();
      else await handleOne(message).catch((error: unknown) => options.onError?.(error, null));
      options.places?.leave();
    }
  };

  const workers = Array.from({ length: options.concurrency }, worker);
  return {
    active: () => active,
    stop: async () => {
      stopping.abort();
      pulls.close();
      await Promise.all(workers);
    },
  };
}

async function settleFailure(
  message: JsMsg,
  error: unknown,
  options: ConsumeOptions,
  failuresOf: Map<number, number>,
): Promise<void> {
  const known: AsiError | null = isAsiError(error) ? error : null;
  if (known?.kind === 'paused') {
    message.nak(known.retryAfterMilliseconds ?? pausedDelay);
    return;
  }
  if (known?.kind === 'cancelled') {
    failuresOf.delete(message.seq);
    message.ack();
    return;
  }
  const failures = (failuresOf.get(message.seq) ?? 0) + 1;
  failuresOf.set(message.seq, failures);
  const most = known ? failuresBeforeDeadLetter.declared : failuresBeforeDeadLetter.unknown;
  if (known?.kind !== 'terminal' && failures < most) {
    message.nak(known?.retryAfterMilliseconds ?? retryDelay(failures));
    return;
  }
  try {
    const parts = parseSubject(message.subject);
    const letter: DeadLetter = {
      subject: buildSubject({
        kind: 'dlq',
        owner: options.durable.split('_')[0] ?? options.durable,
        name: (known?.code ?? 'gave-up').toLowerCase().replaceAll(/[^a-z0-9-]/g, '-'),
        experiment: parts?.experiment ?? 'none',
      }),
      code: known?.code ?? 'gave-up',
      why: messageOf(error),
      original: message.string(),
      sequence: message.seq,
    };
    await options.onDeadLetter(letter);
    failuresOf.delete(message.seq);
    message.term();
  } catch {
    message.nak(5000);
  }
}

async function ensureConsumer(manager: JetStreamManager, options: ConsumeOptions, lease: number): Promise<void> {
  const wanted = {
    filter_subjects: [...options.filters],
    ack_wait: nanos(lease),
    max_ack_pending: options.underWay ?? 1024,
    max_deliver: -1,
  };
  const existing = await manager.consumers.info(journalStream, options.durable).catch(() => null);
  if (existing) {
    await manager.consumers.update(journalStream, options.durable, wanted);
    return;
  }
  await manager.consumers
    .add(journalStream, {
      durable_name: options.durable,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: options.fromNow ? DeliverPolicy.New : DeliverPolicy.All,
      ...wanted,
    })
    .catch(async (error) => {
      await manager.consumers.info(journalStream, options.durable).catch(() => {
        throw error;
      });
    });
}
