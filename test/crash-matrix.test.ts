import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CampaignId, campaignSettingsSchema, catalogue, type ExperimentRecord } from '@asi/contracts';
import { startEmbeddedServers } from '@asi/lab/embedded-servers';
import { campaignsIn, type Database, experimentsIn, inflightIn, openDatabase } from '@asi/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crashPoints } from '../agents/director/src/crash-points.ts';
import { comparable } from './support/final-documents.ts';
import { startHouseProcess } from './support/house-process.ts';
import { startScriptedRoles } from './support/scripted-roles.ts';

const everything = process.env.ASI_TEST_FULL === '1';
const events = [
  'BEGIN',
  'DESIGNED',
  'DESIGN_REJECTED',
  'TRAINING_STARTED',
  'TRAINED',
  'TRAINING_FAILED',
  'REFERENCE_READY',
  'JUDGED',
  'ANALYSED',
];
/** Points of the step that BEGIN (a creation, not a delivery) and the ends of an experiment pass. */
const cases = [
  ...crashPoints
    .filter((point) => point !== 'afterRecord')
    .flatMap((point) => events.map((event) => `${point}:${event}`)),
  ...['completed', 'rejected', 'failed'].map((state) => `afterRecord:${state}`),
].filter(
  (one) => !['afterLoad:BEGIN', 'afterDecide:BEGIN', 'beforeAck:BEGIN', 'beforeAck:REFERENCE_READY'].includes(one),
);
/**
 * In every run: each event where a killed director leaves most behind it (what is decided and stored, and not yet said),
 * each event that hands work on where it was said and perhaps not acknowledged, and each other point. All pairs in the full run.
 */
const always = [
  ...events.map((event) => `afterCommit:${event}`),
  ...['BEGIN', 'DESIGNED', 'TRAINING_STARTED', 'TRAINED', 'REFERENCE_READY', 'JUDGED'].map(
    (one) => `afterPublish:${one}`,
  ),
  'afterLoad:TRAINING_STARTED',
  'afterDecide:ANALYSED',
  'beforeAck:DESIGN_REJECTED',
  'beforeAck:TRAINING_FAILED',
  'afterRecord:completed',
  'afterRecord:rejected',
  'afterRecord:failed',
];
const chosen = everything ? cases : cases.filter((one) => always.includes(one));

it('the matrix has every point and every event in every run: a boundary that is never tried is not known to hold', () => {
  const tried = chosen.map((one) => one.split(':') as [string, string]);
  expect(new Set(tried.map(([point]) => point))).toEqual(new Set(crashPoints));
  for (const event of events) expect(tried.map(([, one]) => one)).toContain(event);
  expect(always.filter((one) => !cases.includes(one))).toEqual([]);
});

describe('a director killed at any boundary of a step', () => {
  const home = mkdtempSync(join(tmpdir(), 'asi-crash-'));
  let servers: Awaited<ReturnType<typeof startEmbeddedServers>>;
  let roles: Awaited<ReturnType<typeof startScriptedRoles>>;
  let database: Database;
  let undisturbed: unknown[] = [];
  let campaigns = 0;

  const environment = () => ({
    NATS_URL: servers.natsUrl,
    MONGODB_URL: servers.mongodbUrl,
    ASI_LEASE_SECONDS: '1',
    ASI_INSTANCE: 'd',
  });

  beforeAll(async () => {
    servers = await startEmbeddedServers({ home });
    roles = await startScriptedRoles(servers.natsUrl, {
      rejects: (ordinal) => ordinal === 2,
      training: (id, attempt) =>
        id.endsWith('-0001') && attempt === 1 ? 'lost' : id.endsWith('-0003') ? 'diverged' : 'measured',
    });
    database = await openDatabase(servers.mongodbUrl);
    undisturbed = await runCampaign(null);
    expect(undisturbed).toHaveLength(6);
  });

  afterAll(async () => {
    await roles?.stop();
    await database?.close();
    await servers?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  /** One campaign: two baselines, a candidate whose first training is lost, a twin, one that diverges, one that is fine. */
  async function runCampaign(crashAt: string | null): Promise<unknown[]> {
    campaigns++;
    const id = `c${String(campaigns).padStart(3, '0')}` as CampaignId;
    let director = await startHouseProcess('agents/director/src/main.ts', {
      ...environment(),
      ...(crashAt ? { ASI_CRASH_AT: crashAt } : {}),
    });
    const settings = campaignSettingsSchema.parse({
      suite: 'cpu-smoke',
      evaluationSeed: `run ${campaigns}`,
      baselines: [{ name: 'delta-net', seeds: [0, 1] }],
      budget: { candidates: 2 },
      confirmation: { best: 0 },
      inFlight: 2,
      // No draws: the runs are campaigns with different numbers, and draws depend on the number.
      policy: 'greedy',
      policyOptions: { references: 0 },
    });
    await roles.bus.publish(catalogue.startCampaign, { experimentId: null, data: { settings } });
    try {
      if (crashAt) {
        const end = await Promise.race([director.exited, pause(60_000)]);
        expect(end?.signal, director.output()).toBe('SIGKILL');
        director = await startHouseProcess('agents/director/src/main.ts', environment());
      }
      await until(
        async () => (await campaignsIn(database).get(id))?.state === 'finished',
        () => director.output(),
      );
    } finally {
      await director.stop();
    }
    expect((await inflightIn(database).all()).length).toBe(0);
    const records: ExperimentRecord[] = [];
    for await (const record of experimentsIn(database).all({ campaignId: id })) records.push(record);
    return records.map(comparable);
  }

  it.each(chosen)(
    'at %s leaves the documents of an undisturbed run: nothing lost, nothing twice',
    async (crashAt) => {
      expect(await runCampaign(crashAt)).toEqual(undisturbed);
    },
    180_000,
  );
});

async function until(condition: () => Promise<boolean>, output: () => string): Promise<void> {
  const deadline = Date.now() + 90_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not in time:\n${output().slice(-4000)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const pause = (milliseconds: number): Promise<null> =>
  new Promise((resolve) => setTimeout(() => resolve(null), milliseconds));
