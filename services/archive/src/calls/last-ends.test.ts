import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connectBus } from '@asi/bus';
import { type EmbeddedServers, startEmbeddedServers } from '@asi/lab/embedded-servers';
import { callsIn, campaignsIn, openDatabase } from '@asi/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchArchive } from '../testing/launch-archive.ts';
import { campaignSpending, failureOf, question } from '../testing/sample-calls.ts';

let home: string;
let servers: EmbeddedServers;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'asi-last-ends-'));
  servers = await startEmbeddedServers({ home });
});
afterAll(async () => {
  await servers.stop();
  await rm(home, { recursive: true, force: true });
});

test('an archive that is stopped with those who ask still takes the ends of their calls, and waits for no other', async () => {
  const bus = await connectBus({ url: servers.natsUrl, source: 'test/last-ends' });
  const database = await openDatabase(servers.mongodbUrl);
  const archive = launchArchive(servers);
  await campaignsIn(database).create(campaignSpending(1, {}));
  const [waiting, underWay] = [question(1, 'waiting'), question(1, 'under way')];
  for (const one of [waiting, underWay]) await bus.request('openCall', one);
  const began = performance.now();
  const stopped = archive.stop();
  await pause(200);
  await bus.request('closeCall', failureOf(waiting));
  expect(await stopped).toBe(0);
  expect(performance.now() - began).toBeLessThan(5000);
  expect(await callsIn(database).get(waiting.call._id)).toMatchObject({ state: 'failed', brokenOff: 0 });
  expect(await callsIn(database).get(underWay.call._id)).toMatchObject({ state: 'open' });
  await bus.close();
  await database.close();
});
