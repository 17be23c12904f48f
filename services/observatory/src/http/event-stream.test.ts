import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bus, connectBus } from '@asi/bus';
import { campaignIdOf, catalogue, experimentIdSchema, trainingProgress } from '@asi/contracts';
import { type EmbeddedServers, startEmbeddedServers } from '@asi/lab/embedded-servers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ReceivedEvent, readEvents } from '../testing/read-events.ts';
import { type RunningObservatory, startObservatory } from '../testing/start-observatory.ts';

const campaignId = campaignIdOf(1);
let folder: string;
let servers: EmbeddedServers;
let bus: Bus;
let observatory: RunningObservatory;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'asi-observatory-'));
  servers = await startEmbeddedServers({ home: join(folder, 'servers') });
  bus = await connectBus({ url: servers.natsUrl, source: 'lab/test' });
  observatory = await startObservatory({ ...servers, folder });
});

afterAll(async () => {
  await observatory?.stop();
  await bus?.close();
  await servers?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Publishes messages and gives the sequence of the last one. */
async function publish(count: number): Promise<number> {
  let last = 0;
  for (let sent = 0; sent < count; sent++) {
    last = (await bus.publish(catalogue.pauseCampaign, { experimentId: null, campaignId, data: { campaignId } }))
      .sequence;
  }
  return last;
}

/** Ids of the events up to and with `last`. */
async function idsUpTo(last: number, events: AsyncGenerator<ReceivedEvent>): Promise<number[]> {
  const ids: number[] = [];
  for await (const { id } of events) {
    if (id !== null) ids.push(id);
    if (id === last) break;
  }
  return ids;
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const journal = () => `${observatory.url}/api/events?topics=journal`;

describe('the event stream', () => {
  test('resumes behind the last event that the client has, so that a dropped connection loses and repeats nothing', async () => {
    const first = await publish(30);
    const before = await idsUpTo(first - 11, readEvents(`${journal()}&from=1`));
    const last = await publish(20);
    const after = await idsUpTo(last, readEvents(journal(), { 'last-event-id': String(before.at(-1)) }));
    expect([...before, ...after]).toEqual(range(1, last));
  });

  test('goes on over a restart of the broker without a gap, on the same connection', async () => {
    const start = (await publish(3)) - 2;
    const events = readEvents(`${journal()}&from=${start}`);
    const before = await idsBeforeRestart(events, start + 2);
    const [natsPort, mongoPort] = [servers.natsUrl, servers.mongodbUrl].map((url) => Number(new URL(url).port));
    await servers.kill();
    servers = await startEmbeddedServers({
      home: join(folder, 'servers'),
      natsPort: natsPort ?? 0,
      mongoPort: mongoPort ?? 0,
    });
    const last = await publish(40);
    expect([...before, ...(await idsUpTo(last, events))]).toEqual(range(start, last));
  });

  test('does not wait for a sequence of another journal: a client with a number from the future gets what comes next', async () => {
    const events = readEvents(journal(), { 'last-event-id': '999999' });
    const pending = events.next();
    let next: ReceivedEvent | undefined;
    void pending.then(({ value }) => {
      next = value;
    });
    await expect
      .poll(
        async () => {
          await publish(1);
          return next?.event;
        },
        { timeout: 10_000, interval: 200 },
      )
      .toBe('message');
    await events.return(undefined);
  });

  test('carries telemetry without an id, so that it cannot move the point to resume from', async () => {
    const experimentId = experimentIdSchema.parse('c001-0001');
    const events = readEvents(`${observatory.url}/api/events?topics=telemetry`);
    const received = events.next();
    const data = {
      experimentId,
      jobId: 'c001-0001-1',
      phase: 'training',
      task: 'parity',
      samples: [{ task: 'parity', step: 10, steps: 200, loss: 0.5, gradientNorm: 1, learningRate: 0.001 }],
    };
    const emitting = setInterval(() => bus.emit(trainingProgress, { experimentId, data }), 50);
    const { value } = await received;
    clearInterval(emitting);
    expect(value).toMatchObject({ event: 'telemetry', id: null, data: { experimentId, phase: 'training' } });
    await events.return(undefined);
    const known = await (await fetch(`${observatory.url}/api/telemetry`)).json();
    expect(known).toMatchObject([{ experimentId, step: 10, loss: 0.5 }]);
  });

  test('says what is wrong with a question that cannot be answered', async () => {
    for (const [query, headers] of [
      ['topics=everything', {}],
      ['from=soon', {}],
      ['', { 'last-event-id': 'x' }],
    ] as const) {
      const response = await fetch(`${observatory.url}/api/events?${query}`, { headers });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ code: 'query-invalid' });
    }
  });
});

/** Like `idsUpTo`, but leaves the connection open. */
async function idsBeforeRestart(events: AsyncGenerator<ReceivedEvent>, last: number): Promise<number[]> {
  const ids: number[] = [];
  while (ids.at(-1) !== last) {
    const { value } = await events.next();
    if (value?.id) ids.push(value.id);
  }
  return ids;
}
