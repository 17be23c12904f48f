import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectBus } from '@asi/bus';
import { campaignSettingsSchema, catalogue, type ExperimentId, systemClock } from '@asi/contracts';
import { startStack } from '@asi/lab';
import { startEmbeddedServers } from '@asi/lab/embedded-servers';
import { experimentsIn, inflightIn, openDatabase } from '@asi/store';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { contextOf, newDocument } from '../agents/director/src/experiment/step.ts';
import { createExperimentDesk } from '../agents/director/src/experiment-desk.ts';
import { untilSoleDirector } from '../agents/director/src/sole-director.ts';
import { lives } from '../agents/director/src/testing/lives.ts';
import { asi } from './support/asi-command.ts';
import { type ScriptedLaboratory, startScriptedLaboratory } from './support/scripted-laboratory.ts';
import { until } from './support/until.ts';

let laboratory: ScriptedLaboratory;
let home: string;
let root: string;
let stack: ScriptedLaboratory['stack'];
let roles: ScriptedLaboratory['roles'];
let reading: ScriptedLaboratory['reading'];
let isMended = false;

beforeAll(async () => {
  laboratory = await startScriptedLaboratory('one', {
    training: (id) => (id.includes('-b') && !isMended ? 'diverged' : 'measured'),
  });
  ({ home, root, stack, roles, reading } = laboratory);
});

afterAll(() => laboratory?.stop());

test('a second laboratory on the same servers is refused before any of its processes is started', async () => {
  const other = mkdtempSync(join(tmpdir(), 'asi-other-'));
  onTestFinished(() => rmSync(other, { recursive: true, force: true }));
  const { natsUrl: NATS_URL, mongodbUrl: MONGODB_URL } = stack;
  await expect(
    startStack({ root, env: { ...process.env, ASI_HOME: other, NATS_URL, MONGODB_URL } }),
  ).rejects.toMatchObject({ code: 'servers-in-use', message: expect.stringContaining('ASI_STACK=external') });
});

test('a second director waits for the first one to go, and gives up when it stays', async () => {
  await expect(untilSoleDirector(reading.bus, 0)).rejects.toMatchObject({ code: 'director-exists' });
  let asked = 0;
  const [director] = (await reading.bus.discover()).filter(({ role }) => role === 'director');
  if (!director) throw new Error('no director answers');
  await untilSoleDirector({ discover: async () => (asked++ === 0 ? [director] : []) }, 5000);
  expect(asked).toBe(2);
});

test('an event that another process made possible is not ignored for what this one remembers', async () => {
  const data = mkdtempSync(join(tmpdir(), 'asi-desks-'));
  const servers = await startEmbeddedServers({ home: data });
  const database = await openDatabase(servers.mongodbUrl);
  const bus = await connectBus({ url: servers.natsUrl, source: 'director/desks' });
  onTestFinished(async () => {
    await bus.close();
    await database.close();
    await servers.stop();
    rmSync(data, { recursive: true, force: true });
  });
  const [life] = lives.filter(({ name }) => name === 'completed');
  if (!life) throw new Error('no life is completed');
  const deskOf = () =>
    createExperimentDesk({
      bus,
      clock: systemClock,
      inflight: inflightIn(database),
      experiments: experimentsIn(database),
      crash: () => undefined,
      isFinished: () => false,
      afterCommit: async () => undefined,
      afterRecord: async () => undefined,
    });
  const [one, other] = [deskOf(), deskOf()];
  const first = newDocument(life.context, systemClock);
  const id = first._id as ExperimentId;
  await one.open(first);
  const latest = async () => {
    const [document] = await one.underWay();
    if (!document) throw new Error('nothing is under way');
    return document;
  };
  // The first desk remembers what it wrote; from then on each event is taken by the other one in turn.
  for (const [index, make] of life.events.slice(0, 4).entries()) {
    const before = await latest();
    await (index % 2 === 0 ? one : other).advance(id, make(contextOf(before)), `message-${index}`, null);
    expect((await latest()).rev, `event ${index}`).toBeGreaterThan(before.rev);
  }
});

test('baselines that failed are trained again when the campaign is continued, under ids of their own', async () => {
  const settings = campaignSettingsSchema.parse({
    suite: 'cpu-smoke',
    baselines: [{ name: 'delta-net', seeds: [0, 1] }],
    budget: { candidates: 1, maximalAttempts: 1 },
    confirmation: { best: 0 },
    inFlight: 1,
  });
  await roles.bus.publish(catalogue.startCampaign, { experimentId: null, data: { settings } });
  await until('the campaign is paused', async () => (await reading.progress('c001'))?.state === 'paused');
  expect(await asi(home, 'status')).toContain('trains the failed ones again');

  isMended = true;
  await asi(home, 'resume');
  await until('the campaign is finished', async () => (await reading.progress('c001'))?.state === 'finished');
  const board = await reading.leaderboard('c001');
  expect(board?.rows.find(({ name }) => name === 'delta-net')?.runs).toEqual(['c001-b03', 'c001-b04']);
  expect((await reading.failures('c001'))?.map(({ id }) => id).sort()).toEqual(['c001-b01', 'c001-b02']);
});

test('a campaign that pauses again at once is told so, and nobody says that the director does not answer', async () => {
  isMended = false;
  const settings = campaignSettingsSchema.parse({
    suite: 'cpu-smoke',
    evaluationSeed: 'another',
    baselines: [{ name: 'delta-net', seeds: [0, 1] }],
    budget: { candidates: 1, maximalAttempts: 1 },
  });
  await roles.bus.publish(catalogue.startCampaign, { experimentId: null, data: { settings } });
  const isPaused = async () => (await reading.progress('c002'))?.state === 'paused';
  await until('the campaign is paused', isPaused);
  expect(await asi(home, 'resume')).toBe('campaign c002 goes on\n');
  await until('the campaign is paused again', isPaused);
});
