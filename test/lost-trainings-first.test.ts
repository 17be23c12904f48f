import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bus, connectBus } from '@asi/bus';
import { candidateIdOf, catalogue, type DataOf, filterFor, trainAgain } from '@asi/contracts';
import { type EmbeddedServers, startEmbeddedServers } from '@asi/lab/embedded-servers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandData } from '../agents/engineer/src/testing/failed-training.ts';
import { type NullRunner, startNullRunner } from '../gpu-runner/src/testing/null-runner.ts';
import { type HouseProcess, startHouseProcess } from './support/house-process.ts';
import { until } from './support/until.ts';

let home: string;
let servers: EmbeddedServers;
let bus: Bus;
let runner: NullRunner;
const house: HouseProcess[] = [];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'asi-lost-first-'));
  servers = await startEmbeddedServers({ home });
  bus = await connectBus({ url: servers.natsUrl, source: 'director/test' });
  runner = await startNullRunner({ slots: 1, delayMilliseconds: 100 });
  await start('services/archive/src/main.ts');
});
afterAll(async () => {
  for (const one of house) await one.stop();
  await runner.stop();
  await bus.close();
  await servers.stop();
  await rm(home, { recursive: true, force: true });
});

async function start(main: string): Promise<void> {
  const env = { NATS_URL: servers.natsUrl, MONGODB_URL: servers.mongodbUrl, ASI_RUNNER_URL: runner.url };
  house.push(await startHouseProcess(main, env));
}

const command = (ordinal: number, attempt = 1): DataOf<'train'> =>
  commandData({
    experimentId: candidateIdOf('c001' as never, ordinal),
    attempt,
    token: `token-${ordinal}-${attempt}` as never,
    program: { kind: 'builtin', name: 'delta-net' },
    mind: 'offline',
    model: null,
    design: null,
    mending: null,
  });
const ask = (definition: typeof catalogue.train | typeof trainAgain, data: DataOf<'train'>) =>
  bus.publish(definition, { experimentId: data.experimentId, campaignId: data.campaignId, data });

async function trained(): Promise<string[]> {
  const { kind, owner, name } = catalogue.trained;
  const found: string[] = [];
  for await (const { envelope } of bus.journal({ filters: [filterFor(kind, owner, name)] }))
    if (envelope) found.push((envelope.data as DataOf<'trained'>).jobId);
  return found;
}

test('what was begun and lost is trained before what was never begun, although it is asked for last', async () => {
  for (const ordinal of [1, 2, 3, 4, 5]) await ask(catalogue.train, command(ordinal));
  await ask(trainAgain, command(9, 2));
  await start('agents/engineer/src/main.ts');
  await until('all trainings', async () => (await trained()).length === 6);
  const order = await trained();
  // One new command may have been taken at the same moment.
  expect(order.indexOf('c001-0009-t2')).toBeLessThanOrEqual(1);
  expect(order.filter((one) => one !== 'c001-0009-t2')).toEqual([1, 2, 3, 4, 5].map((n) => `c001-000${n}-t1`));
});
