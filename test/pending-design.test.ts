import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bus, connectBus } from '@asi/bus';
import { campaignIdOf, candidateIdOf, catalogue } from '@asi/contracts';
import { type EmbeddedServers, startEmbeddedServers } from '@asi/lab/embedded-servers';
import { connectRunner, type RunnerClient } from '@asi/runner-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { designCommand } from '../agents/researcher/src/testing/design-command.ts';
import { type NullRunner, startNullRunner } from '../gpu-runner/src/testing/null-runner.ts';
import { type HouseProcess, startHouseProcess } from './support/house-process.ts';
import { until } from './support/until.ts';

let home: string;
let servers: EmbeddedServers;
let bus: Bus;
let runner: NullRunner;
let client: RunnerClient;
const house: HouseProcess[] = [];
const start = async (main: string) => {
  const env = { NATS_URL: servers.natsUrl, MONGODB_URL: servers.mongodbUrl, ASI_RUNNER_URL: runner.url };
  house.push(await startHouseProcess(main, env));
};

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'asi-pending-design-'));
  servers = await startEmbeddedServers({ home });
  bus = await connectBus({ url: servers.natsUrl, source: 'director/test' });
  runner = await startNullRunner({ slots: 1, delayMilliseconds: 600_000 });
  client = connectRunner(runner.url);
});
afterAll(async () => {
  for (const one of house) await one.stop();
  client.close();
  await runner.stop();
  await bus.close();
  await servers.stop();
  await rm(home, { recursive: true, force: true });
});

test('a start that finds a design pending counts no failed try while the others are still starting', async () => {
  const campaignId = campaignIdOf(1);
  const experimentId = candidateIdOf(campaignId, 1);
  const { data } = designCommand({ experimentId, ordinal: 1, horizon: 0, mind: 'offline', model: null });
  await bus.publish(catalogue.design, { experimentId, campaignId, data });
  for (const main of ['agents/researcher', 'services/archive', 'services/cognition', 'agents/engineer'])
    await start(`${main}/src/main.ts`);
  await until('its certificate runs', async () => (await client.list({ states: ['running'] })).length === 1);
  const researcher = (await bus.discover()).find(({ role }) => role === 'researcher');
  expect(researcher?.failed).toBe(0);
});
