import { createInbox, Events, type JsMsg, type Msg, type NatsConnection, nanos } from 'nats';
import { toJsMsg } from 'nats/lib/jetstream/jsmsg.js';
import { journalStream } from './streams.ts';

export type PullOptions = {
  readonly durable: string;
  /** Called when the broker refuses to answer, at most once a pause; it is asked again by itself. */
  readonly onTrouble: (description: string) => void;
  /** How long one request waits at the broker. */
  readonly expiresMilliseconds?: number;
};

export type Pulls = {
  /** The next message for this place; null once closed. */
  next(): Promise<JsMsg | null>;
  /** Takes nothing more; what came and was not taken goes back at once. */
  close(): void;
};

/** A request of which nothing was heard so long after its end is lost, with the broker that had it. */
const patienceMilliseconds = 5_000;
const lookMilliseconds = 1_000;
const pauseAfterTroubleMilliseconds = 300;
const acknowledgementMilliseconds = 5_000;
const requestExpired = 408;

/**
 * Asks a durable consumer for one message per free place.
 *
 * P1: one subscription as long as it is open. A message that the broker hands out finds it whatever became of the
 *     request; with a subscription per request it met a closed one when it came late, and was gone until its lease ended.
 * P2: no more requests under way than places waiting, so that a busy process never hoards work. A message that no place
 *     waits for (its request was given up) is kept, its lease renewed, for the next free place.
 */
export function openPulls(
  connection: NatsConnection,
  { durable, onTrouble, expiresMilliseconds = 30_000 }: PullOptions,
): Pulls {
  const inbox = createInbox();
  const places: Array<(message: JsMsg | null) => void> = [];
  const unexpected: JsMsg[] = [];
  /** Requests under way, oldest first, with the time at which they count as lost. */
  const asked = new Map<string, number>();
  let counter = 0;
  let closed = false;
  let connected = true;
  let pause: NodeJS.Timeout | null = null;

  const ask = (): void => {
    if (closed || !connected || pause || connection.isClosed()) return;
    while (asked.size < places.length) {
      const request = `${inbox}.${counter++}`;
      asked.set(request, Date.now() + expiresMilliseconds + patienceMilliseconds);
      const payload = JSON.stringify({ batch: 1, expires: nanos(expiresMilliseconds) });
      connection.publish(`$JS.API.CONSUMER.MSG.NEXT.${journalStream}.${durable}`, payload, { reply: request });
    }
  };

  const trouble = (description: string): void => {
    if (pause || closed) return;
    onTrouble(description);
    pause = setTimeout(() => {
      pause = null;
      ask();
    }, pauseAfterTroubleMilliseconds);
  };

  const take = (raw: Msg): void => {
    if (raw.subject.startsWith(`${inbox}.`)) {
      asked.delete(raw.subject);
      const { code, description } = raw.headers ?? { code: 0, description: 'no status' };
      if (code !== requestExpired) trouble(`${code} ${description}`);
      ask();
      return;
    }
    // The broker does not say which request it answers; they are all the same.
    for (const oldest of asked.keys()) {
      asked.delete(oldest);
      break;
    }
    const message = toJsMsg(raw, acknowledgementMilliseconds);
    const place = places.shift();
    if (place) place(message);
    else unexpected.push(message);
  };

  const subscription = connection.subscribe(`${inbox}.*`, {
    callback: (error, message) => (error ? trouble(error.message) : take(message)),
  });
  const looking = setInterval(() => {
    const now = Date.now();
    for (const [request, lostAt] of asked) if (lostAt < now) asked.delete(request);
    for (const message of unexpected) message.working();
    ask();
  }, lookMilliseconds);
  const changes = connection.status();
  void (async () => {
    for await (const { type } of changes) {
      if (type === Events.Disconnect) connected = false;
      if (type !== Events.Reconnect) continue;
      // The broker forgets the requests of a connection that is gone.
      connected = true;
      asked.clear();
      ask();
    }
  })();

  return {
    next: () => {
      const kept = unexpected.shift();
      if (kept || closed) return Promise.resolve(kept ?? null);
      return new Promise((resolve) => {
        places.push(resolve);
        ask();
      });
    },
    close: () => {
      if (closed) return;
      closed = true;
      clearInterval(looking);
      if (pause) clearTimeout(pause);
      (changes as { stop?: () => void }).stop?.();
      subscription.unsubscribe();
      for (const message of unexpected.splice(0)) message.nak();
      for (const place of places.splice(0)) place(null);
    },
  };
}
