import type { Bus } from '@asi/bus';
import { campaignIdSchema, catalogue, type DataOf, type Envelope, type ExperimentId } from '@asi/contracts';
import { campaignsIn, type Database, experimentsIn, inflightIn } from '@asi/store';
import { runningCampaign } from '@asi/testkit';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { openedDocument } from './campaign/candidate.ts';
import type { Director } from './director.ts';
import { secondsFor } from './experiment/deadlines.ts';
import { sampleContext } from './testing/samples.ts';
import { startDirector } from './testing/start-director.ts';
import { type StartedStores, startStores } from './testing/start-stores.ts';

const campaignId = campaignIdSchema.parse('c001');
const { terms } = sampleContext();
const thinking = { ...terms, minds: { ...terms.minds, researcher: 'llm' as const } };
const fullTime = secondsFor('design', thinking, undefined) * 1000;
const minute = 60_000;
let stores: StartedStores | undefined;
let bus: Bus;
let database: Database;
let director: Director;
let now: number;
const clock = { now: () => new Date(now) };

beforeEach(async () => {
  await stores?.end();
  stores = await startStores(clock);
  ({ bus, database } = stores);
  now = Date.parse('2026-01-01T00:00:00.000Z');
  await campaignsIn(database).create(campaign());
  // One that is designed by a model, and one that is trained without any.
  for (const context of [
    sampleContext({ terms: thinking }),
    sampleContext({ experimentId: 'c001-b01' as ExperimentId, kind: 'baseline', ordinal: null, terms: thinking }),
  ])
    await inflightIn(database).create(openedDocument(context, 'top-k', 'director/test', clock));
  director = await restarted();
});
afterAll(() => stores?.end());

const spending = { campaign: { dollars: 2 } };
const campaign = () =>
  runningCampaign({
    settings: { spending, minds: { researcher: 'llm' }, inFlight: 1 },
    baselineIds: ['c001-b01'],
    inFlight: 1,
  });

const restarted = () => startDirector(bus, database, clock);

const say = async (envelope: Promise<{ envelope: Envelope }>) => director.handle((await envelope).envelope);
const capped = (limit = 2) => {
  const reached = { cap: 'campaign', unit: 'dollars', limit, missingPrice: null } as const;
  const data = { campaignId, experimentId: null, role: 'researcher', ...reached, spent: 1.9, inFlight: 0, why: 'why' };
  return say(bus.publish(catalogue.spendingCapped, { experimentId: null, campaignId, data }));
};
const goOn = (changes?: DataOf<'continueCampaign'>['spending']) =>
  say(
    bus.publish(catalogue.continueCampaign, {
      experimentId: null,
      campaignId,
      data: { campaignId, ...(changes ? { spending: changes } : {}) },
    }),
  );
const stored = () => campaignsIn(database).get(campaignId);
const attempts = async (id: string) => (await inflightIn(database).get(id))?.view.attempt;
const pass = async (milliseconds: number) => {
  now += milliseconds;
  await director.tick();
};

test('a reached cap pauses the campaign, with the message as its cause and the way on in its note', async () => {
  await capped();
  expect(await stored()).toMatchObject({
    state: 'paused',
    note: expect.stringMatching(/^why; nothing is lost: asi run --dollars N/),
    capped: { cap: 'campaign', unit: 'dollars', limit: 2 },
  });
  const told = [];
  for await (const { envelope } of bus.journal({}))
    if (envelope?.type === catalogue.campaignChanged.type || envelope?.type === catalogue.spendingCapped.type)
      told.push(envelope);
  expect(told[1]?.causationid).toBe(told[0]?.id);
});

test('while a cap holds the campaign no deadline of what waits for a model runs out, however long a person takes, and however often the director restarts', async () => {
  await pass(0);
  await capped();
  for (let days = 0; days < 3; days++) await pass(24 * 60 * minute);
  director = await restarted();
  await pass(24 * 60 * minute);
  expect(await attempts('c001-0001')).toBe(1);
  // Training asks no model: a runner that is stuck is noticed all the same.
  expect((await experimentsIn(database).get('c001-b01'))?.reason?.code).toBe('training-timeout');
});

test('when it goes on every state has its full time again, and then deadlines count as ever', async () => {
  await pass(0);
  await pass(0.8 * fullTime);
  await capped();
  await pass(12 * fullTime);
  await goOn({ campaign: { dollars: 5, tokens: null } });
  expect(await stored()).toMatchObject({
    state: 'running',
    note: '',
    capped: null,
    settings: { spending: { campaign: { dollars: 5, tokens: null } } },
  });
  await pass(0.98 * fullTime);
  expect(await attempts('c001-0001')).toBe(1);
  await pass(0.04 * fullTime);
  expect(await attempts('c001-0001')).toBe(2);
});

test('a campaign that goes on without a higher cap is paused again by the next refusal, and a late one of before the raise pauses nothing', async () => {
  await capped();
  await goOn();
  expect((await stored())?.state).toBe('running');
  await capped();
  expect((await stored())?.state).toBe('paused');
  await goOn({ campaign: { dollars: 5, tokens: null } });
  await capped();
  expect(await stored()).toMatchObject({ state: 'running', capped: null });
});

test('a model that is denied pauses the campaign with what to mend, its deadlines stand still, and going on clears it', async () => {
  await pass(0);
  const data = { campaignId, experimentId: null, role: 'researcher', why: 'the key in OPENAI_API_KEY is refused' };
  const denied = () => say(bus.publish(catalogue.modelDenied, { experimentId: null, campaignId, data }));
  await denied();
  expect(await stored()).toMatchObject({
    state: 'paused',
    note: expect.stringMatching(
      /model of the researcher .* is refused; nothing is lost: .* is mended there .* asi run goes on .* asi run --new --campaign FILE/,
    ),
    denied: { role: 'researcher', why: data.why },
  });
  await pass(12 * fullTime);
  expect(await attempts('c001-0001')).toBe(1);
  await goOn();
  expect(await stored()).toMatchObject({ state: 'running', note: '', denied: null });
  await pass(0.98 * fullTime);
  expect(await attempts('c001-0001')).toBe(1);
  await denied();
  expect((await stored())?.state).toBe('paused');
});

test('caps and prices are changed while the campaign runs, without another effect', async () => {
  await goOn({ prices: { m: { input: 1, cachedInput: null, output: 2 } } });
  expect(await stored()).toMatchObject({
    state: 'running',
    settings: { spending: { campaign: { dollars: 2 }, prices: { m: { output: 2 } } } },
  });
});
