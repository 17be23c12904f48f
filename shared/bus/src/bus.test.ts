import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  cancelled,
  catalogue,
  type ExperimentId,
  filterFor,
  messageIdSchema,
  type ProcessStatus,
  paused,
  retryable,
  terminal,
} from '@asi/contracts';
import { startEmbeddedServers } from '@asi/lab/embedded-servers';
import { connect, type NatsConnection } from 'nats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bus, connectBus } from './bus.ts';
import type { Places } from './consume.ts';
import type { JournalRecord } from './journal.ts';

const home = mkdtempSync(join(tmpdir(), 'asi-bus-'));
let servers: Awaited<ReturnType<typeof startEmbeddedServers>>;
let bus: Bus;
let raw: NatsConnection;
let counter = 0;

beforeAll(async () => {
  servers = await startEmbeddedServers({ home });
  bus = await connectBus({ url: servers.natsUrl, source: 'tester/1' });
  raw = await connect({ servers: servers.natsUrl });
});
afterAll(async () => {
  await raw?.close();
  await bus?.close();
  await servers?.stop();
  rmSync(home, { recursive: true, force: true });
});

const newExperiment = () => `t${++counter}-0001` as ExperimentId;
const publish = (experimentId: ExperimentId, id?: string) =>
  bus.publish(catalogue.cancelExperiment, {
    experimentId,
    data: { experimentId },
    ...(id ? { id: messageIdSchema.parse(id) } : {}),
  });
const filter = filterFor('cmd', 'director', 'cancel-experiment');

async function journalOf(experimentId: string): Promise<JournalRecord[]> {
  const records: JournalRecord[] = [];
  for await (const record of bus.journal({ experimentId })) records.push(record);
  return records;
}
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('not in time');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A consumer of one experiment's commands with a handler that may fail; others' messages are let through. */
async function consumeOnly(experimentId: string, handle: (redeliveries: number) => Promise<void>, leaseSeconds = 1) {
  const deliveries: number[] = [];
  const consumption = await bus.consume({
    durable: `d${counter}`,
    filters: [filter],
    concurrency: 1,
    leaseSeconds,
    handle: async ({ envelope, redeliveries }) => {
      if (envelope.subject !== experimentId) return;
      deliveries.push(redeliveries);
      await handle(redeliveries);
    },
  });
  return { deliveries, stop: consumption.stop };
}

describe('publishing', () => {
  it('stores a message that is published twice under one id once, so that a crash between write and publish is harmless', async () => {
    const experiment = newExperiment();
    const id = '018f0000-0000-7000-8000-00000000000a';
    const first = await publish(experiment, id);
    const second = await publish(experiment, id);
    expect([first.duplicate, second.duplicate, second.sequence]).toEqual([false, true, first.sequence]);
    expect(await journalOf(experiment)).toHaveLength(1);
  });

  it('refuses data that its own contract would not accept, before it reaches the record', async () => {
    await expect(
      bus.publish(catalogue.cancelExperiment, {
        experimentId: null,
        data: { experimentId: 'Not A Token' as ExperimentId },
      }),
    ).rejects.toMatchObject({ kind: 'terminal', code: 'message-invalid' });
  });

  it('gives all messages of an experiment one trace, and names the cause of each', async () => {
    const experiment = newExperiment();
    const { envelope } = await publish(experiment);
    await bus.publish(catalogue.cancelExperiment, {
      experimentId: experiment,
      data: { experimentId: experiment },
      cause: envelope,
    });
    const [one, other] = await journalOf(experiment);
    expect(other?.envelope?.causationid).toBe(one?.envelope?.id);
    expect(other?.envelope?.traceparent.slice(0, 36)).toBe(one?.envelope?.traceparent.slice(0, 36));
  });

  it('waits for a broker that restarts, instead of losing the message', async () => {
    const restarted = mkdtempSync(join(tmpdir(), 'asi-bus-restart-'));
    const own = await startEmbeddedServers({ home: restarted });
    const client = await connectBus({ url: own.natsUrl, source: 'tester/2' });
    const experimentId = newExperiment();
    await own.kill();
    const published = client.publish(catalogue.cancelExperiment, { experimentId, data: { experimentId } });
    const port = Number(new URL(own.natsUrl).port);
    const again = await startEmbeddedServers({ home: restarted, natsPort: port });
    expect((await published).duplicate).toBe(false);
    await client.close();
    await again.stop();
    rmSync(restarted, { recursive: true, force: true });
  });
});

describe('consuming', () => {
  it('delivers again after a retryable error, and again, until it succeeds', async () => {
    const experiment = newExperiment();
    await publish(experiment);
    const { deliveries, stop } = await consumeOnly(experiment, async (redeliveries) => {
      if (redeliveries < 2) throw retryable('away', 'later', { retryAfterMilliseconds: 10 });
    });
    await until(() => deliveries.length === 3);
    await stop();
    expect(deliveries).toEqual([0, 1, 2]);
  });

  it('treats an unknown error as retryable: a bug must not lose a message', async () => {
    const experiment = newExperiment();
    await publish(experiment);
    const { deliveries, stop } = await consumeOnly(experiment, async (redeliveries) => {
      if (redeliveries === 0) throw new TypeError('a bug');
    });
    await until(() => deliveries.length === 2);
    await stop();
  });

  it('makes a dead letter of a terminal error, with the original message and the reason, and goes on', async () => {
    const experiment = newExperiment();
    await publish(experiment);
    const { deliveries, stop } = await consumeOnly(experiment, async () => {
      throw terminal('bad-news', 'nothing helps');
    });
    await until(async () => (await journalOf(experiment)).length === 2);
    await stop();
    expect(deliveries).toEqual([0]);
    const letter = (await journalOf(experiment))[1];
    expect(letter?.subject).toMatch(/^asi\.dlq\.d\d+\.bad-news\./);
  });

  it('waits for a person however often, and does not count the waiting as failures when work goes on', async () => {
    const experiment = newExperiment();
    await publish(experiment);
    const waits = 30;
    const { deliveries, stop } = await consumeOnly(experiment, async (redeliveries) => {
      if (redeliveries < waits) throw paused('spending-capped', 'raise the cap', { retryAfterMilliseconds: 1 });
      // As often as this, an error that nobody declared would be given up on.
      if (redeliveries === waits) throw new TypeError('a bug');
    });
    await until(() => deliveries.length === waits + 2);
    await stop();
    expect(await journalOf(experiment)).toHaveLength(1);
  });

  it('gives up on nothing for the waiting of a process before it, for the broker counts its deliveries on', async () => {
    const experiment = newExperiment();
    await publish(experiment);
    const before = await consumeOnly(experiment, async () => {
      throw paused('spending-capped', 'raise the cap', { retryAfterMilliseconds: 1 });
    });
    await until(() => before.deliveries.length > 30);
    await before.stop();
    const restarted = await consumeOnly(experiment, async () => {
      if (restarted.deliveries.length === 1) throw new TypeError('a bug');
    });
    await until(() => restarted.deliveries.length === 2);
    await restarted.stop();
    expect(restarted.deliveries[0]).toBeGreaterThan(29);
    expect(await journalOf(experiment)).toHaveLength(1);
  });

  it('lets work that gives its place away wait while others are done, and takes no more than the places', async () => {
    const [waiting, other] = [newExperiment(), newExperiment()];
    await publish(waiting);
    await publish(other);
    let free = 1;
    const places: Places = {
      take: async (signal) => {
        while (free < 1 && !signal.aborted) await new Promise((resolve) => setTimeout(resolve, 5));
        free--;
      },
      leave: () => {
        free++;
      },
    };
    let resume = () => {};
    const done: string[] = [];
    const consumption = await bus.consume({
      durable: `places${counter}`,
      filters: [filter],
      concurrency: 2,
      places,
      handle: async ({ envelope }) => {
        if (envelope.subject === waiting) {
          places.leave();
          await new Promise<void>((resolve) => (resume = resolve));
          free--;
        }
        done.push(envelope.subject);
      },
    });
    await until(() => done.includes(other));
    expect(done).not.toContain(waiting);
    resume();
    await until(() => done.includes(waiting));
    await consumption.stop();
  });

  it('does not hammer what waits for a person', async () => {
    const experiment = newExperiment();
    await publish(experiment);
    const { deliveries, stop } = await consumeOnly(experiment, async () => {
      throw paused('spending-capped', 'raise the cap');
    });
    await until(() => deliveries.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await stop();
    expect(deliveries).toHaveLength(1);
  });

  it('does nothing more for a message that was cancelled', async () => {
    const experiment = newExperiment();
    await publish(experiment);
    const { deliveries, stop } = await consumeOnly(experiment, async () => {
      throw cancelled('stopped', 'by a person');
    });
    await until(() => deliveries.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await stop();
    expect(deliveries).toHaveLength(1);
  });

  it('makes a dead letter of what is not a message, and is not stopped by it', async () => {
    const experiment = newExperiment();
    await raw.jetstream().publish(`asi.cmd.director.cancel-experiment.${experiment}`, 'this is not JSON');
    await raw
      .jetstream()
      .publish(`asi.cmd.director.cancel-experiment.${experiment}`, JSON.stringify({ specversion: '1.0' }));
    await publish(experiment);
    const { deliveries, stop } = await consumeOnly(experiment, async () => {});
    await until(() => deliveries.length === 1);
    await stop();
    const letters = (await journalOf(experiment)).filter((one) => one.subject.startsWith('asi.dlq.'));
    expect(letters.map((one) => one.subject.split('.')[3])).toEqual(['message-not-json', 'envelope-invalid']);
  });

  it('keeps long work: the lease is renewed while the handler runs', async () => {
    const experiment = newExperiment();
    await publish(experiment);
    const { deliveries, stop } = await consumeOnly(
      experiment,
      () => new Promise((resolve) => setTimeout(resolve, 3000)),
    );
    await until(() => deliveries.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 3500));
    await stop();
    expect(deliveries).toEqual([0]);
  });

  it('shares the work of a role between its instances without doing anything twice', async () => {
    const experiments = Array.from({ length: 10 }, newExperiment);
    for (const experiment of experiments) await publish(experiment);
    const seen: string[] = [];
    const instance = () =>
      bus.consume({
        durable: 'shared-role',
        filters: [filter],
        concurrency: 1,
        handle: async ({ envelope }) => void seen.push(envelope.subject),
      });
    const both = await Promise.all([instance(), instance()]);
    await until(() => experiments.every((one) => seen.includes(one)));
    await Promise.all(both.map((one) => one.stop()));
    for (const experiment of experiments) expect(seen.filter((one) => one === experiment)).toHaveLength(1);
  });
});

describe('services', () => {
  const status = (instance: string): ProcessStatus => ({
    role: 'archive',
    instance,
    version: '1.2.3',
    state: 'ready.idle',
    tasks: [],
    handled: 1,
    failed: 0,
    deadLetters: 0,
    startedAt: '2026-01-01T00:00:00.000Z',
    memoryBytes: 1,
    details: { a: 1 },
  });

  it('finds every instance with its state, without any list of processes', async () => {
    const announcements = await Promise.all(['one', 'two'].map((instance) => bus.announce(() => status(instance))));
    const found = (await bus.discover()).filter((one) => one.role === 'archive').map((one) => one.instance);
    expect(found).toEqual(['one', 'two']);
    for (const one of announcements) await one.stop();
    expect((await bus.discover()).filter((one) => one.role === 'archive')).toEqual([]);
  });

  it('carries the kind and code of an error to the asker, and refuses requests of the wrong shape', async () => {
    const announcement = await bus.announce(() => status('three'));
    announcement.serve('getArtifact', async () => {
      throw terminal('gone', 'it is gone');
    });
    const hash = 'a'.repeat(64) as never;
    await expect(bus.request('getArtifact', { hash })).rejects.toMatchObject({ kind: 'terminal', code: 'gone' });
    await expect(bus.request('getArtifact', { hash: 'short' as never })).rejects.toMatchObject({
      kind: 'terminal',
      code: 'request-invalid',
    });
    await announcement.stop();
  });

  it('waits for a service that is starting, and gives up with a retryable error', async () => {
    const late = setTimeout(
      () =>
        void bus
          .announce(() => status('late'))
          .then((one) => one.serve('putArtifact', async () => ({ hash: 'b'.repeat(64) as never }))),
      500,
    );
    expect(await bus.request('putArtifact', { body: 'x', mediaType: 'text/plain' })).toEqual({ hash: 'b'.repeat(64) });
    clearTimeout(late);
    await expect(bus.request('searchPapers', { query: 'x' }, { patienceMilliseconds: 100 })).rejects.toMatchObject({
      kind: 'retryable',
      code: 'service-unreachable',
    });
  });
});

it('keeps numbers that are not finite readable in the journal', async () => {
  const record = await raw.jetstream().publish('asi.evt.x.y.none', JSON.stringify({ loss: 'NaN' }));
  expect(record.seq).toBeGreaterThan(0);
  const { measuredNumberSchema, encodeNonFinite } = await import('@asi/contracts');
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1.5]) {
    expect(measuredNumberSchema.parse(JSON.parse(JSON.stringify(value, encodeNonFinite)))).toBe(value);
  }
});

it('leaves no reader behind at the broker, whether the journal was read to its end or given up', async () => {
  const experiment = newExperiment();
  await publish(experiment);
  await publish(experiment);
  await journalOf(experiment);
  for await (const _first of bus.journal({ experimentId: experiment })) break;
  await journalOf(newExperiment());
  const manager = await raw.jetstreamManager();
  const ephemeral = (await manager.consumers.list('JOURNAL').next()).filter((one) => !one.config.durable_name);
  expect(ephemeral).toEqual([]);
});

it('knows whether something was ever said of an experiment without reading the journal', async () => {
  const experiment = newExperiment();
  expect(await bus.isOnRecord(catalogue.cancelExperiment, experiment)).toBe(false);
  await publish(experiment);
  expect(await bus.isOnRecord(catalogue.cancelExperiment, experiment)).toBe(true);
  expect(await bus.isOnRecord(catalogue.settled, experiment)).toBe(false);
});

it('knows the newest message of a kind, by which a worker sees that its own command is outdated', async () => {
  const experiment = newExperiment();
  expect(await bus.newestOnRecord(catalogue.cancelExperiment, experiment)).toBeNull();
  await publish(experiment);
  await publish(newExperiment());
  const { envelope } = await publish(experiment);
  expect(await bus.newestOnRecord(catalogue.cancelExperiment, experiment)).toEqual(envelope);
});
