import type { Bus } from '@asi/bus';
import { campaignIdSchema, catalogue, type Envelope, type ExperimentId } from '@asi/contracts';
import { campaignsIn, type Database, experimentsIn, inflightIn } from '@asi/store';
import { runningCampaign } from '@asi/testkit';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { openedDocument } from './campaign/candidate.ts';
import type { Director } from './director.ts';
import { sampleContext, sampleMeasurement, tokenOf } from './testing/samples.ts';
import { startDirector } from './testing/start-director.ts';
import { type StartedStores, startStores } from './testing/start-stores.ts';

const campaignId = campaignIdSchema.parse('c001');
const trained = 'c001-b01' as ExperimentId;
const context = sampleContext({ experimentId: trained, kind: 'baseline', ordinal: null, yardstick: 'cpu-smoke/old/e' });
const hour = 3_600_000;
let stores: StartedStores | undefined;
let bus: Bus;
let database: Database;
let director: Director;
let now: number;
const clock = { now: () => new Date(now) };
/** The trainers of the runners that answer. */
let versions: string[];

beforeEach(async () => {
  await stores?.end();
  now = Date.parse('2026-01-01T00:00:00.000Z');
  stores = await startStores(clock);
  ({ database } = stores);
  const engineers = () =>
    versions.map((trainerVersion, place) => ({
      role: 'engineer',
      details: { trainerVersion, slots: 1, runner: `10.0.0.${place}:70` },
    }));
  bus = { ...stores.bus, discover: async () => engineers() as never };
  await campaignsIn(database).create(
    runningCampaign({ settings: { inFlight: 2 }, inFlight: 2, yardstick: 'cpu-smoke/old/e', baselineIds: [trained] }),
  );
  await inflightIn(database).create(openedDocument(context, 'baseline', 'director/test', clock));
});
afterAll(() => stores?.end());

async function startWith(...seen: string[]): Promise<void> {
  versions = seen;
  director = await startDirector(bus, database, clock);
}

const say = async (envelope: Promise<{ envelope: Envelope }>) => director.handle((await envelope).envelope);
const goOn = () =>
  say(bus.publish(catalogue.continueCampaign, { experimentId: null, campaignId, data: { campaignId } }));
const measured = (trainerVersion: string, attempt: number) =>
  say(
    bus.publish(catalogue.trained, {
      experimentId: trained,
      campaignId,
      attempt,
      data: {
        campaignId,
        experimentId: trained,
        attempt,
        token: tokenOf(context, 'training', attempt),
        jobId: `${trained}-t${attempt}`,
        measurement: sampleMeasurement({ trainerVersion }),
      },
    }),
  );
const campaign = () => campaignsIn(database).get(campaignId);
const training = async () => (await inflightIn(database).get(trained))?.view;
const underWay = async () => (await inflightIn(database).all()).map(({ _id }) => _id).sort();

test('a campaign that is continued after an update of the trainer is paused before anything is opened, and goes on with the version that began it', async () => {
  await startWith('new');
  expect(await campaign()).toMatchObject({ state: 'paused', note: expect.stringMatching(/trainer has changed/) });
  await director.tick();
  expect(await underWay()).toEqual([trained]);
  await expect(goOn()).rejects.toMatchObject({ kind: 'terminal', code: 'other-trainer' });
  expect((await campaign())?.state).toBe('paused');
  versions = ['old'];
  await goOn();
  await director.tick();
  expect(await campaign()).toMatchObject({ state: 'running', note: '' });
  expect(await underWay()).toEqual(['c001-0001', 'c001-0002', trained]);
});

test('a runner with another trainer that joins a campaign pauses it: any training may be its own', async () => {
  await startWith('old');
  await director.tick();
  expect((await campaign())?.state).toBe('running');
  versions = ['old', 'new'];
  await director.tick();
  expect(await campaign()).toMatchObject({
    state: 'paused',
    note: expect.stringMatching(/different trainers \(old at 10\.0\.0\.0:70, new at 10\.0\.0\.1:70\)/),
  });
});

test('what another trainer measured is not compared with the rest: the training waits for the right one, and is asked for again', async () => {
  await startWith('new');
  await measured('new', 1);
  expect(await training()).toMatchObject({ state: 'training.queued', attempt: 1, measurement: null });
  expect(await bus.newestOnRecord(catalogue.ignored, trained)).toMatchObject({ data: { why: 'other-trainer' } });
  now += 24 * hour;
  await director.tick();
  expect(await training()).toMatchObject({ attempt: 1 });
  // The director is another process after an update.
  await startWith('old');
  await goOn();
  await director.tick();
  expect(await training()).toMatchObject({ state: 'training.queued', attempt: 2 });
  await measured('old', 2);
  expect(await training()).toMatchObject({ state: 'measured', measurement: { trainerVersion: 'old' } });
});

test('a runner whose measurements never have the trainer that it claims does not train for ever: the experiment ends with that reason', async () => {
  await startWith('old');
  for (let attempt = 1; await training(); attempt++) {
    await measured('new', attempt);
    await director.tick();
    expect(attempt).toBeLessThan(40);
  }
  expect(await experimentsIn(database).get(trained)).toMatchObject({
    outcome: 'failed',
    measurement: null,
    reason: { code: 'trainer-changed', message: expect.stringContaining('trainer new') },
  });
});
