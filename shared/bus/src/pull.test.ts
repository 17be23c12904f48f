import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedServers } from '@asi/lab/embedded-servers';
import { AckPolicy, connect, type NatsConnection, nanos } from 'nats';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPulls, type Pulls } from './pull.ts';
import { journalStream, provisionStreams } from './streams.ts';

const home = mkdtempSync(join(tmpdir(), 'asi-pull-'));
let servers: Awaited<ReturnType<typeof startEmbeddedServers>>;
let connection: NatsConnection;
let counter = 0;

beforeAll(async () => {
  servers = await startEmbeddedServers({ home });
  connection = await connect({ servers: servers.natsUrl, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
  await provisionStreams(await connection.jetstreamManager());
});
afterAll(async () => {
  await connection?.close();
  await servers?.stop();
  rmSync(home, { recursive: true, force: true });
});

/** A durable consumer of a subject of its own whose lease is longer than the test: what is lost does not come back. */
async function consumer(expiresMilliseconds: number): Promise<{ subject: string; pulls: Pulls; troubles: string[] }> {
  const durable = `puller${++counter}`;
  const subject = `asi.cmd.${durable}.work.none`;
  const manager = await connection.jetstreamManager();
  await manager.consumers.add(journalStream, {
    durable_name: durable,
    ack_policy: AckPolicy.Explicit,
    filter_subject: subject,
    ack_wait: nanos(120_000),
  });
  const troubles: string[] = [];
  const pulls = openPulls(connection, { durable, expiresMilliseconds, onTrouble: (text) => troubles.push(text) });
  return { subject, pulls, troubles };
}

it('a message that is read only after its request has ended is not lost until its lease ends', async () => {
  const { subject, pulls } = await consumer(1000);
  const next = pulls.next();
  connection.publish(subject, Buffer.from('late'));
  await connection.flush();
  // The broker has the message and is handing it out; this process is busy until long after the end of the request for it.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2500);
  const message = await next;
  expect(message?.string()).toBe('late');
  expect(message?.info.redeliveryCount).toBe(1);
  message?.ack();
  pulls.close();
});

it('goes on after many requests have ended without a message', async () => {
  const { subject, pulls, troubles } = await consumer(1000);
  const next = pulls.next();
  await new Promise((resolve) => setTimeout(resolve, 3500));
  await connection.jetstream().publish(subject, 'at last');
  expect((await next)?.string()).toBe('at last');
  expect(troubles).toEqual([]);
  pulls.close();
});

it('asks again after the broker has restarted and forgotten the request', async () => {
  const { subject, pulls } = await consumer(60_000);
  const next = pulls.next();
  const { natsUrl, mongodbUrl } = servers;
  await servers.stop();
  const port = (url: string) => Number(new URL(url).port);
  servers = await startEmbeddedServers({ home, natsPort: port(natsUrl), mongoPort: port(mongodbUrl) });
  for (;;) {
    const stored = await connection
      .jetstream()
      .publish(subject, 'after')
      .catch(() => null);
    if (stored) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect((await next)?.string()).toBe('after');
  pulls.close();
});

it('hands nothing to a busy process: a message without a waiting place stays for another', async () => {
  const { subject, pulls } = await consumer(30_000);
  const first = pulls.next();
  for (const text of ['one', 'two']) await connection.jetstream().publish(subject, text);
  const taken = await first;
  const manager = await connection.jetstreamManager();
  const { num_ack_pending, num_pending } = await manager.consumers.info(journalStream, `puller${counter}`);
  expect({ num_ack_pending, num_pending }).toEqual({ num_ack_pending: 1, num_pending: 1 });
  taken?.ack();
  expect((await pulls.next())?.string()).toBe('two');
  pulls.close();
  expect(await pulls.next()).toBeNull();
});
