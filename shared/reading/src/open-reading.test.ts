import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectBus } from '@asi/bus';
import { attemptTokenOf, catalogue, experimentIdSchema, spendingSchema, traceparentOf } from '@asi/contracts';
import { type EmbeddedServers, startEmbeddedServers } from '@asi/lab/embedded-servers';
import { callsIn, experimentsIn, openDatabase } from '@asi/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import {
  campaignSummarySchema,
  contributionsSchema,
  costsSchema,
  experimentViewSchema,
  failureSchema,
  historySchema,
  type JournalLine,
  journalLineSchema,
  leaderboardSchema,
  openReading,
  progressSchema,
  type Reading,
  statusSchema,
  treeSchema,
  viewJson,
} from './index.ts';
import { insertSampleCampaign, publishSampleJournal, sampleCall, sampleCampaign } from './testing/index.ts';

const home = mkdtempSync(join(tmpdir(), 'asi-reading-'));
const sample = sampleCampaign({ candidates: 18, wanted: 24, hostileName: '<script>alert(1)</script>' });
sample.campaign.settings.spending = spendingSchema.parse({
  prices: { 'priced-later': { input: 2, cachedInput: null, output: 8 } },
});
let servers: EmbeddedServers;
let reading: Reading;

beforeAll(async () => {
  servers = await startEmbeddedServers({ home });
  const database = await openDatabase(servers.mongodbUrl);
  await insertSampleCampaign(database, sample);
  await database.close();
  reading = await openReading(servers);
  await publishSampleJournal(reading.bus, sample);
});

afterAll(async () => {
  await reading?.close();
  await servers?.stop();
  rmSync(home, { recursive: true, force: true });
});

const asJson = (value: unknown): unknown => JSON.parse(viewJson(value));

test('every view of stored documents is what its schema promises', async () => {
  const views: ReadonlyArray<readonly [z.ZodType, unknown]> = [
    [z.array(campaignSummarySchema), await reading.campaigns()],
    [progressSchema, await reading.progress()],
    [leaderboardSchema, await reading.leaderboard()],
    [z.array(failureSchema), await reading.failures()],
    [treeSchema, await reading.tree()],
    [historySchema, await reading.history()],
    [contributionsSchema, await reading.contributions()],
    [costsSchema, await reading.costs()],
    [experimentViewSchema, await reading.experiment('c001-0001')],
    [experimentViewSchema, await reading.experiment('c001-b01')],
    [experimentViewSchema, await reading.experiment('c001-0019')],
    [statusSchema, await reading.status()],
  ];
  for (const [schema, view] of views) expect(schema.parse(asJson(view))).toEqual(view);
});

test('the calls of an experiment cost together what their sum says, also where a price was added later or one was refused', async () => {
  const database = await openDatabase(servers.mongodbUrl);
  const usage = { input: 1_000_000, output: 0, cached: 0, reasoning: 0 };
  const calls = [
    sampleCall('c001-0001', 'priced-later', { model: 'priced-later', usage, dollars: null }),
    sampleCall('c001-0001', 'refused', { model: 'unpriced', state: 'failed', usage: null, dollars: null }),
  ];
  for (const call of calls) await callsIn(database).insert(call);
  await database.close();
  const listed = await reading.callsFor('c001-0001');
  expect(new Map(listed.map(({ model, dollars }) => [model, dollars]))).toEqual(
    new Map([
      ['priced-later', 2],
      ['unpriced', 0],
    ]),
  );
  expect((await reading.calls())?.total).toMatchObject({ dollars: 2, withoutDollars: 0, dollarsAtLeast: false });
});

test('failed trainings and certificates are counted among the costs, from the journal and the artifacts', async () => {
  const failed = sample.experiments.filter(({ outcome }) => outcome === 'failed').length;
  const designed = [...sample.experiments, ...sample.inflight.map(({ view }) => view)].filter(
    ({ design }) => design !== null,
  ).length;
  const { candidates, total } = (await reading.costs()) ?? {};
  expect(failed).toBeGreaterThan(0);
  expect(candidates?.unmeasured.trainings).toBe(failed);
  expect(candidates?.unmeasured.seconds).toBeGreaterThan(0);
  expect(total?.certificates).toMatchObject({ certificates: designed, cpuSeconds: 2 * designed });
});

test('a training is paid for as soon as its end is in the journal, whether it was measured or lost', async () => {
  const before = await reading.costs();
  const experimentId = experimentIdSchema.parse('c001-0020');
  const measurement = sample.experiments.find((one) => one.measurement)?.measurement;
  if (!measurement) throw new Error('the sample has measurements');
  const say = (attempt: number) => {
    const data = {
      campaignId: 'c001',
      experimentId,
      attempt,
      token: attemptTokenOf(experimentId, 'training', attempt),
    };
    return { experimentId, data: { ...data, jobId: `job-${attempt}`, runner: 'sample', isolationTier: 0 } };
  };
  await reading.bus.publish(catalogue.trainingStarted, say(1));
  const reason = { code: 'runner-lost', message: 'the runner died', evidenceHash: null };
  const lost = { ...say(1).data, kind: 'retryable' as const, reason, seconds: 12.5 };
  await reading.bus.publish(catalogue.trainingFailed, { experimentId, data: lost });
  await reading.bus.publish(catalogue.trainingStarted, say(2));
  await reading.bus.publish(catalogue.trained, { experimentId, data: { ...say(2).data, measurement } });
  const later = await openReading(servers);
  const after = await later.costs();
  const spent = (await later.experiment(experimentId))?.spent;
  await later.close();
  const more = (after?.total.spentSeconds ?? 0) - (before?.total.spentSeconds ?? 0);
  expect(more).toBeCloseTo(12.5 + measurement.cpuSeconds, 6);
  expect(spent?.trainings.map(({ end, seconds }) => [end, seconds])).toEqual([
    ['without-result', 12.5],
    ['measured', measurement.startUpSeconds + measurement.workSeconds],
  ]);
});

test('an experiment that does not exist and a campaign that does not exist are null, not errors', async () => {
  expect(await reading.experiment('c001-9999')).toBeNull();
  expect(await reading.leaderboard('c999')).toBeNull();
});

test('an experiment that settles while one is looking is seen without a new scan', async () => {
  const before = await reading.progress();
  const record = sampleCampaign({ candidates: 19 }).experiments.find((one) => one.ordinal === 19);
  if (!record) throw new Error('the sample has 19 candidates');
  const database = await openDatabase(servers.mongodbUrl);
  await experimentsIn(database).insert(record);
  await database.close();
  await reading.bus.publish(catalogue.settled, {
    experimentId: experimentIdSchema.parse(record._id),
    data: {
      campaignId: record.campaignId,
      campaignNumber: 1,
      experimentId: record._id,
      kind: 'candidate',
      ordinal: 19,
      outcome: record.outcome,
      reason: null,
      name: record.name,
      parentId: record.parentId,
      components: [],
      yardstick: record.yardstick,
      fitness: record.fitness,
    },
  });
  await expect
    .poll(async () => (await reading.progress())?.candidates.completed)
    .toBe((before?.candidates.completed ?? 0) + 1);
  expect((await reading.progress())?.inFlight.map((one) => one.id)).not.toContain(record._id);
});

test('the journal of one experiment tells its whole life in order and names what caused what', async () => {
  const lines: JournalLine[] = [];
  for await (const line of reading.journal({ experimentId: 'c001-0001' })) lines.push(line);
  expect(lines.map((line) => line.type)).toEqual([
    'asi.experiment.sampled.v1',
    'asi.design.finished.v1',
    'asi.training.started.v1',
    'asi.training.finished.v1',
    'asi.judgement.finished.v1',
    'asi.analysis.finished.v1',
    'asi.experiment.settled.v1',
  ]);
  for (const [index, line] of lines.slice(1).entries()) expect(line.causationId).toBe(lines[index]?.id);
  // An auditor joins it with other systems' traces.
  expect(new Set(lines.map((line) => line.correlationId))).toEqual(new Set(['c001-0001']));
  for (const { id, correlationId, traceparent } of lines)
    expect(traceparent).toBe(traceparentOf(correlationId ?? '', id ?? ''));
  for (const line of lines) expect(journalLineSchema.parse(asJson(line))).toEqual(line);
});

test('the journal is filtered by type and by role', async () => {
  const types = new Set<string | null>();
  for await (const line of reading.journal({ types: ['judgement', 'training.finished'] })) types.add(line.type);
  expect([...types].sort()).toEqual(['asi.judgement.finished.v1', 'asi.training.finished.v1']);
  for await (const line of reading.journal({ roles: ['engineer'] })) expect(line.subject).toContain('.engineer.');
});

test('a message that a role cannot handle is seen in the status with its reason', async () => {
  const bus = await connectBus({ url: servers.natsUrl, source: 'judge/test' });
  const consumption = await bus.consume({
    durable: 'judge_test',
    filters: ['asi.evt.director.sampled.*'],
    concurrency: 1,
    handle: async ({ envelope }) => {
      if (envelope.subject !== 'c001-0002') return;
      throw Object.assign(new Error('the design has no name'), {
        [Symbol.for('asi.error')]: true,
        kind: 'terminal',
        code: 'no-name',
      });
    },
  });
  const backlog = async () => (await reading.status()).backlog.find((one) => one.consumer === 'judge_test');
  await expect.poll(backlog, { timeout: 10_000 }).toMatchObject({ waiting: 0, underWay: 0 });
  await consumption.stop();
  await bus.close();
  const status = await reading.status();
  expect(status.deadLetters).toHaveLength(1);
  expect(status.deadLetterCounts).toEqual({ judge: 1 });
  expect(status.deadLetters[0]).toMatchObject({
    consumer: 'judge',
    experimentId: 'c001-0002',
    code: 'no-name',
    why: 'the design has no name',
    originalType: 'asi.experiment.sampled.v1',
  });
});
