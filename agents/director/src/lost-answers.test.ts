import type { Bus } from '@asi/bus';
import { campaignIdSchema, catalogue, type ExperimentId, type ExperimentRecord } from '@asi/contracts';
import {
  campaignsIn,
  type Database,
  experimentsIn,
  type Inflight,
  inflightIn,
  type Records,
  type Revisions,
} from '@asi/store';
import { runningCampaign } from '@asi/testkit';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { openedDocument } from './campaign/candidate.ts';
import type { Director } from './director.ts';
import { sampleContext } from './testing/samples.ts';
import { startDirector } from './testing/start-director.ts';
import { type StartedStores, startStores } from './testing/start-stores.ts';

const campaignId = campaignIdSchema.parse('c001');
const clock = { now: () => new Date('2026-01-01T00:00:00.000Z') };
let stores: StartedStores | undefined;
let bus: Bus;
let database: Database;

beforeEach(async () => {
  await stores?.end();
  stores = await startStores(clock);
  ({ bus, database } = stores);
  await campaignsIn(database).create(
    runningCampaign({
      settings: { baselines: [{ name: 'delta-net', seeds: [0, 1] }], budget: { candidates: 4 }, inFlight: 4 },
    }),
  );
});
afterAll(() => stores?.end());

type Stores = { readonly inflight: Revisions<Inflight>; readonly experiments: Records<ExperimentRecord> };

/** A director on the real stores, but for what `broken` makes of them. */
function directorWith(broken: (stores: Stores) => Partial<Stores>, on: Bus = bus): Promise<Director> {
  const real = { inflight: inflightIn(database), experiments: experimentsIn(database) };
  return startDirector(on, database, clock, broken(real));
}

/** Does it, or does not, and either way the answer is lost: once, for one document. */
const losingAnswer = <Value extends { readonly _id: string }, Result>(
  write: (value: Value) => Promise<Result>,
  id: string,
  isDone: boolean,
) => {
  let isLost = false;
  return async (value: Value): Promise<Result> => {
    if (value._id !== id || isLost) return write(value);
    isLost = true;
    if (isDone) await write(value);
    throw new Error('connect ECONNREFUSED');
  };
};

const candidates = async () =>
  (await inflightIn(database).all()).flatMap(({ view }) => view.ordinal ?? []).sort((one, other) => one - other);

test.each([false, true])(
  'a database that dies under the opening of a candidate (stored: %s) does not lose it, for which all later ones would wait for ever',
  async (isStored) => {
    const director = await directorWith(({ inflight }) => ({
      inflight: { ...inflight, create: losingAnswer(inflight.create, 'c001-0002', isStored) },
    }));
    for (let ticks = 0; ticks < 3; ticks++) await director.tick();
    expect(await candidates()).toEqual([1, 2, 3, 4]);
    for (const id of ['c001-0001', 'c001-0002', 'c001-0004'])
      expect(await bus.isOnRecord(catalogue.design, id as ExperimentId)).toBe(true);
  },
);

test('a laboratory in which a candidate was lost in that way by an earlier version opens it when it starts', async () => {
  for (const ordinal of [1, 3]) {
    const context = sampleContext({ experimentId: `c001-000${ordinal}` as ExperimentId, ordinal });
    await inflightIn(database).create(openedDocument(context, 'top-k', 'director/test', clock));
  }
  const director = await directorWith(() => ({}));
  await director.tick();
  expect(await candidates()).toEqual([1, 2, 3, 4]);
});

test('a baseline that was stored although the answer was lost is trained: no candidate waits an hour for its deadline', async () => {
  const director = await directorWith(({ inflight }) => ({
    inflight: { ...inflight, create: losingAnswer(inflight.create, 'c001-b02', true) },
  }));
  for (let ticks = 0; ticks < 2; ticks++) await director.tick();
  expect(await bus.isOnRecord(catalogue.train, 'c001-b02' as ExperimentId)).toBe(true);
});

test('an experiment that ended without a message of others is recorded, also when the database failed under its end', async () => {
  const director = await directorWith(({ experiments }) => ({
    experiments: { ...experiments, insert: losingAnswer(experiments.insert, 'c001-0001', false) },
  }));
  await director.tick();
  const { envelope } = await bus.publish(catalogue.cancelCampaign, { experimentId: null, data: { campaignId } });
  await expect(director.handle(envelope)).rejects.toThrow('ECONNREFUSED');
  for (let ticks = 0; ticks < 2; ticks++) await director.tick();
  expect(await inflightIn(database).all()).toEqual([]);
  expect((await experimentsIn(database).get('c001-0001'))?.outcome).toBe('cancelled');
});

test('what a predecessor said is not said again, after whatever pause: the broker recognises a message for minutes only', async () => {
  await (await directorWith(() => ({}))).tick();
  const waiting = await inflightIn(database).all();
  expect(waiting.flatMap(({ outbox }) => outbox).length).toBeGreaterThan(4);
  const [unsaid] = waiting[0]?.outbox ?? [];
  if (!unsaid) throw new Error('each waits for an answer');
  // Of one message nothing is known, as if the predecessor had been killed before it.
  const said: string[] = [];
  const forgetful: Bus = {
    ...bus,
    newestOnRecord: async (definition, id) => {
      const newest = await bus.newestOnRecord(definition, id);
      return newest?.id === unsaid.envelope.id ? null : newest;
    },
    publishStamped: async (definition, envelope) => {
      said.push(envelope.id);
      return bus.publishStamped(definition, envelope);
    },
  };
  await directorWith(() => ({}), forgetful);
  expect(said).toEqual([unsaid.envelope.id]);
});
