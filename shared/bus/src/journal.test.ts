import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, connect as dial, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { catalogue, type ExperimentId } from '@asi/contracts';
import { startEmbeddedServers } from '@asi/lab/embedded-servers';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { type Bus, connectBus } from './bus.ts';

const home = mkdtempSync(join(tmpdir(), 'asi-journal-'));
const messages = 1300;
let servers: Awaited<ReturnType<typeof startEmbeddedServers>>;
let bus: Bus;

beforeAll(async () => {
  servers = await startEmbeddedServers({ home });
  bus = await connectBus({ url: servers.natsUrl, source: 'tester/1' });
  const experimentId = 'c001-0001' as ExperimentId;
  const publish = () => bus.publish(catalogue.cancelExperiment, { experimentId, data: { experimentId } });
  for (let sent = 0; sent < messages; sent += 100) await Promise.all(Array.from({ length: 100 }, publish));
}, 60_000);
afterAll(async () => {
  await bus?.close();
  await servers?.stop();
  rmSync(home, { recursive: true, force: true });
});

/** The way to the broker, whose answers can be held back for a while, as a busy machine does. */
async function throughStall(url: string): Promise<{ url: string; stallFor(milliseconds: number): void }> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  let heldUntil = 0;
  const server = createServer((client) => {
    const broker = dial(Number(port), hostname);
    for (const socket of [client, broker]) sockets.add(socket.on('error', () => undefined));
    client.pipe(broker);
    let order = Promise.resolve();
    broker.on('data', (bytes) => {
      order = order.then(async () => {
        const wait = heldUntil - Date.now();
        if (wait > 0) await sleep(wait);
        client.write(bytes);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `nats://127.0.0.1:${address.port}`,
    stallFor: (milliseconds) => {
      heldUntil = Date.now() + milliseconds;
    },
  };
}

const everyOne = Array.from({ length: messages }, (_, index) => index + 1);

it('is read whole by whoever takes its time: a batch that ends under a slow reader is asked for again', async () => {
  const read: number[] = [];
  for await (const { sequence } of bus.journal({})) {
    read.push(sequence);
    if (read.length % 400 === 100) await sleep(1300);
  }
  expect(read).toEqual(everyOne);
}, 30_000);

it('is read whole although the broker is silent for a while: only its own word is the end', async () => {
  const way = await throughStall(servers.natsUrl);
  const far = await connectBus({ url: way.url, source: 'tester/2' });
  onTestFinished(() => far.close());
  const read: number[] = [];
  for await (const { sequence } of far.journal({})) {
    read.push(sequence);
    if (read.length === 10 || read.length === 700) way.stallFor(2500);
  }
  expect(read).toEqual(everyOne);
}, 30_000);

it('is followed without a gap by whoever takes his time', async () => {
  const end = new AbortController();
  const read: number[] = [];
  for await (const { sequence } of bus.journal({ follow: true, signal: end.signal })) {
    read.push(sequence);
    if (read.length % 400 === 100) await sleep(2300);
    if (sequence === messages) end.abort();
  }
  expect(read).toEqual(everyOne);
}, 30_000);
