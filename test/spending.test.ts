import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bus, type Consumption, connectBus } from '@asi/bus';
import {
  baselineIdOf,
  campaignIdOf,
  campaignSettingsSchema,
  catalogue,
  type DataOf,
  everyDeadLetter,
  filterFor,
  hashText,
  paused,
  systemClock,
} from '@asi/contracts';
import { type EmbeddedServers, startEmbeddedServers } from '@asi/lab/embedded-servers';
import { campaignsIn, type Database, inflightIn, openDatabase } from '@asi/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { baselineContext, openedDocument } from '../agents/director/src/campaign/candidate.ts';
import { campaignSpending, question } from '../services/archive/src/testing/sample-calls.ts';
import { captureCli } from '../services/lab/src/testing/captured-context.ts';
import { type HouseProcess, startHouseProcess } from './support/house-process.ts';
import { until } from './support/until.ts';

const campaignId = campaignIdOf(1);
const houses: HouseProcess[] = [];
let home: string;
let servers: EmbeddedServers;
let bus: Bus;
let database: Database;
let researcher: Consumption;
/** Deliveries of the command to design, and designs whose questions were all answered. */
let [deliveries, designed] = [0, 0];

/** A researcher that asks two questions of 150 tokens for a design, and says nothing more. */
async function think({ experimentId }: DataOf<'design'>): Promise<void> {
  deliveries++;
  for (const node of ['summary', 'program']) {
    const asked = question(1, `${experimentId}/${node}`, { experimentId, node });
    const reply = await bus.request('openCall', asked);
    if (reply.kind === 'capped') throw paused('spending-capped', reply.why, { retryAfterMilliseconds: 1000 });
    if (reply.kind === 'answered') continue;
    const usage = { input: 100, output: 50, cached: 0, reasoning: 0 };
    const end = { answerHash: hashText(node) as never, usage, seconds: 1, retries: 0, brokenOff: 0, error: null };
    await bus.request('closeCall', { _id: asked.call._id, ...end });
  }
  designed++;
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'asi-spending-'));
  servers = await startEmbeddedServers({ home });
  bus = await connectBus({ url: servers.natsUrl, source: 'researcher/test' });
  database = await openDatabase(servers.mongodbUrl);
  const settings = campaignSettingsSchema.parse({
    spending: { campaign: { tokens: 200 } },
    minds: { researcher: 'llm' },
    inFlight: 1,
  });
  const baseline = baselineIdOf(campaignId, 1);
  const campaign = {
    ...campaignSpending(1, {}),
    settings,
    drawnEvaluationSeed: 'drawn',
    inFlight: 1,
    baselineIds: [baseline],
  };
  await campaignsIn(database).create(campaign);
  // Its baseline is in training all the time, so that the campaign has something to wait for.
  const training = baselineContext(campaign, 1, 'delta-net', 0, new Date().toISOString());
  await inflightIn(database).create(openedDocument(training, 'baseline', 'test', systemClock));
  const env = { NATS_URL: servers.natsUrl, MONGODB_URL: servers.mongodbUrl, ASI_LEASE_SECONDS: '2' };
  for (const main of ['services/archive/src/main.ts', 'agents/director/src/main.ts'])
    houses.push(await startHouseProcess(main, env));
  const { kind, owner, name } = catalogue.design;
  researcher = await bus.consume({
    durable: 'researcher',
    filters: [filterFor(kind, owner, name)],
    concurrency: 1,
    handle: ({ envelope }) => think(envelope.data as DataOf<'design'>),
  });
});
afterAll(async () => {
  await researcher.stop();
  for (const one of houses) await one.stop();
  await bus.close();
  await database.close();
  await servers.stop();
  await rm(home, { recursive: true, force: true });
});

const campaign = () => campaignsIn(database).get(campaignId);
const asi = (...args: string[]) =>
  captureCli(args, { ...process.env, ASI_HOME: home, NATS_URL: servers.natsUrl, MONGODB_URL: servers.mongodbUrl });

test('a campaign whose cap is reached waits for a person, and goes on where it was without asking anything twice', async () => {
  await until('the cap pauses the campaign', async () => (await campaign())?.state === 'paused');
  expect((await campaign())?.note).toMatch(
    /cap of campaign c001 .* 200 tokens: 150 tokens are spent.*asi run --tokens N/,
  );
  const waited = deliveries;
  await until('the command comes again and again', () => deliveries >= waited + 2);

  const asBefore = await asi('resume');
  expect(asBefore.out).toContain('the next call that could pass one pauses it again');
  await until('it is paused again', async () => (await campaign())?.capped !== null);
  expect(designed).toBe(0);

  expect((await asi('resume', '--tokens', '300')).out).toContain('spending.campaign.tokens is 300, not 200');
  await until('the design is made', () => designed === 1);
  const costs = JSON.parse((await asi('cost', '--json')).out);
  expect(costs.total).toMatchObject({ calls: 2, answered: 2, reopenings: 0, input: 200, output: 100 });
  expect(costs.caps).toEqual([
    { cap: 'campaign', of: campaignId, unit: 'tokens', limit: 300, spent: 300, inFlight: 0 },
  ]);
  const letters = [];
  for await (const record of bus.journal({ filters: [everyDeadLetter] })) letters.push(record);
  expect(letters).toEqual([]);
});
