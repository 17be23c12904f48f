import { isAsiError, terminal } from '@asi/contracts';
import { type Reading, viewJson } from '@asi/reading';
import type { Context, Handler } from 'hono';
import { z } from 'zod';
import { type ClientStream, createClientStream } from '../events/client-stream.ts';
import { followJournal } from '../events/follow-journal.ts';
import type { StatusFeed } from '../events/status-feed.ts';
import { createTelemetryBatch } from '../events/telemetry-batch.ts';
import type { TelemetryFeed } from '../events/telemetry-feed.ts';
import { sendJson } from './send-json.ts';

export type EventSources = {
  readonly reading: Pick<Reading, 'journal' | 'bus'>;
  readonly telemetry: TelemetryFeed;
  readonly status: StatusFeed;
  /** Aborts when the server stops. */
  readonly stopping: AbortSignal;
  readonly onInterruption: (error: unknown) => void;
};

const topicNames = ['journal', 'telemetry', 'status'] as const;
const querySchema = z.object({
  topics: z
    .string()
    .default(topicNames.join(','))
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(topicNames, `topics: expected a list of ${topicNames.join(', ')}`)).min(1)),
  from: z.coerce.number('from: expected a sequence').int('from: expected a sequence').min(1).optional(),
});
const resumeSchema = z.coerce.number().int().nonnegative();

const heartbeatMilliseconds = 15_000;
const telemetryMilliseconds = 250;

/**
 * `GET /api/events?topics=journal,telemetry,status&from=SEQUENCE`: server-sent events.
 * E1: `message` events carry the journal's sequence as id, and a client that comes back with `Last-Event-ID` gets every record behind it.
 * E2: only the journal has ids, so nothing else can move the point from which a client resumes.
 * E3: nothing grows for a client that does not read: the journal waits for it, telemetry is merged, a status is skipped.
 */
export function eventRoute(sources: EventSources): Handler {
  return async (context) => {
    const query = querySchema.safeParse(context.req.query());
    if (!query.success) {
      return sendJson(context, { code: 'query-invalid', message: query.error.issues[0]?.message ?? 'invalid' }, 400);
    }
    const from = await firstSequence(context, sources.reading, query.data.from).catch((error: unknown) => error);
    if (typeof from !== 'number') return sendJson(context, describe(from), isAsiError(from) ? 400 : 503);

    const client = createClientStream();
    client.comment('asi observatory');
    const heartbeat = setInterval(() => client.comment('heartbeat'), heartbeatMilliseconds);
    client.signal.addEventListener('abort', () => clearInterval(heartbeat), { once: true });
    const stop = () => client.close();
    sources.stopping.addEventListener('abort', stop, { once: true });
    client.signal.addEventListener('abort', () => sources.stopping.removeEventListener('abort', stop), { once: true });
    if (query.data.topics.includes('journal')) void sendJournal(client, sources, from);
    if (query.data.topics.includes('telemetry')) sendTelemetry(client, sources.telemetry);
    if (query.data.topics.includes('status')) sendStatus(client, sources.status);
    return context.body(client.body, 200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
  };
}

async function firstSequence(
  context: Context,
  reading: Pick<Reading, 'bus'>,
  from: number | undefined,
): Promise<number> {
  const header = context.req.header('last-event-id');
  const last = await reading.bus.lastSequence();
  if (header === undefined || header === '') return Math.min(from ?? last + 1, last + 1);
  const resume = resumeSchema.safeParse(header);
  if (!resume.success) throw terminal('query-invalid', 'Last-Event-ID: expected a sequence of the journal');
  // A number from the future belongs to the journal of another stack, which had this address before.
  return Math.min(resume.data + 1, last + 1);
}

async function sendJournal(client: ClientStream, sources: EventSources, from: number): Promise<void> {
  const { reading, onInterruption } = sources;
  for await (const line of followJournal(reading, { from, signal: client.signal, onInterruption })) {
    await client.room();
    client.send({ event: 'message', id: line.sequence, data: viewJson(line) });
  }
}

function sendTelemetry(client: ClientStream, feed: TelemetryFeed): void {
  const batch = createTelemetryBatch();
  const stopListening = feed.listen(batch.add);
  const flush = setInterval(() => {
    if (!client.hasRoom()) return;
    for (const progress of batch.take()) {
      client.send({ event: 'telemetry', data: viewJson(progress) });
    }
  }, telemetryMilliseconds);
  client.signal.addEventListener(
    'abort',
    () => {
      stopListening();
      clearInterval(flush);
    },
    { once: true },
  );
}

function sendStatus(client: ClientStream, feed: StatusFeed): void {
  const stopListening = feed.listen((status) => {
    if (client.hasRoom()) client.send({ event: 'status', data: viewJson(status) });
  });
  client.signal.addEventListener('abort', stopListening, { once: true });
}

const describe = (error: unknown) =>
  isAsiError(error)
    ? { code: error.code, message: error.message }
    : { code: 'broker-unreachable', message: 'the broker does not answer at the moment' };
