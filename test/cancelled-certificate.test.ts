import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bus, connectBus } from '@asi/bus';
import { campaignIdOf, candidateIdOf, catalogue, type DataOf, everyDeadLetter } from '@asi/contracts';
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

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'asi-cancelled-certificate-'));
  servers = await startEmbeddedServers({ home });
  bus = await connectBus({ url: servers.natsUrl, source: 'director/test' });
  // A certificate would hold the slot for longer than this test may last.
  runner = await startNullRunner({ slots: 1, delayMilliseconds: 600_000 });
  client = connectRunner(runner.url);
  const env = { NATS_URL: servers.natsUrl, MONGODB_URL: servers.mongodbUrl, ASI_RUNNER_URL: runner.url };
  for (const main of [
    'services/archive/src/main.ts',
    'services/cognition/src/main.ts',
    'agents/engineer/src/main.ts',
    'agents/researcher/src/main.ts',
  ])
    house.push(await startHouseProcess(main, env));
});
afterAll(async () => {
  for (const one of house) await one.stop();
  client.close();
  await runner.stop();
  await bus.close();
  await servers.stop();
  await rm(home, { recursive: true, force: true });
});

async function askForDesign(campaignNumber: number): Promise<void> {
  const campaignId = campaignIdOf(campaignNumber);
  const experimentId = candidateIdOf(campaignId, 1);
  const { data } = designCommand({
    campaignId,
    campaignNumber,
    experimentId,
    ordinal: 1,
    // No insight of an earlier candidate is waited for.
    horizon: 0,
    mind: 'offline',
    model: null,
    token: `token-${experimentId}`,
  });
  await bus.publish(catalogue.design, { experimentId, campaignId, data });
}

async function settleCancelled(campaignNumber: number): Promise<void> {
  const campaignId = campaignIdOf(campaignNumber);
  const experimentId = candidateIdOf(campaignId, 1);
  const data: DataOf<'settled'> = {
    campaignId,
    campaignNumber,
    experimentId,
    kind: 'candidate',
    ordinal: 1,
    arm: null,
    outcome: 'cancelled',
    reason: { code: 'cancelled', message: 'the campaign was cancelled', evidenceHash: null },
    name: 'a candidate',
    parentId: null,
    components: [],
    yardstick: 'y',
    fitness: null,
  };
  await bus.publish(catalogue.settled, { experimentId, campaignId, data });
}

const runs = async (jobId: string) => (await client.list({ states: ['running'] })).some((job) => job.jobId === jobId);

test('the certificate of a cancelled campaign does not keep the next campaign waiting', async () => {
  await askForDesign(1);
  await until('the first certificate runs', () => runs('c001-0001-c1-1'));
  await askForDesign(2);
  await settleCancelled(1);
  await until('the next campaign has the slot', () => runs('c002-0001-c1-1'), 20);
  expect((await client.get('c001-0001-c1-1' as never)).finished?.outcome.status).toBe('cancelled');
  // Done with, and not another draft of it in front of the next campaign.
  expect(await client.list({ labels: { experiment: 'c001-0001' } })).toHaveLength(1);
  const researcher = (await bus.discover()).find(({ role }) => role === 'researcher');
  expect(researcher?.failed, 'asi status would count it as a failed try').toBe(0);
  const letters = [];
  for await (const record of bus.journal({ filters: [everyDeadLetter] })) letters.push(record);
  expect(letters).toEqual([]);
});
