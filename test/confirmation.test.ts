import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CampaignId,
  type CampaignRecord,
  campaignSettingsSchema,
  catalogue,
  deadLettersOf,
  type ExperimentId,
  type ExperimentRecord,
  hashText,
  type Measurement,
} from '@asi/contracts';
import { startEmbeddedServers } from '@asi/lab/embedded-servers';
import { openReading, type Reading } from '@asi/reading';
import { campaignsIn, type Database, experimentsIn, inflightIn, openDatabase } from '@asi/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { comparable } from './support/final-documents.ts';
import { startHouseProcess } from './support/house-process.ts';
import { startScriptedRoles } from './support/scripted-roles.ts';
import { until } from './support/until.ts';

const everything = process.env.ASI_TEST_FULL === '1';
const truly = 1;
const lucky = 2;

/** What chance adds to a run, in [-1, 1], a function of the run alone. */
const chance = (id: string) => (2 * Number.parseInt(hashText(id).slice(0, 8), 16)) / 0xffffffff - 1;

/**
 * Candidate 1 is better than DeltaNet in every run, candidate 2 only in the one it is chosen by; a third is no better.
 * @param id without the campaign
 */
function measured(id: string): Partial<Measurement> {
  const own = Number(/^-(?:f-)?(\d{4})/.exec(id)?.[1] ?? 0);
  const isFresh = id.startsWith('-f-');
  const isGated = /^-b0[246]/.test(id);
  const gain = isGated ? 0.2 : own === truly ? 0.1 : own === lucky ? (isFresh ? -0.02 : 0.12) : own > 0 ? -0.05 : 0;
  return { languageModelLoss: 2 - gain + 0.01 * chance(id), battery: 0.6 + gain / 2 + 0.005 * chance(`${id} battery`) };
}

describe('confirmation with fresh seeds', { timeout: 240_000 }, () => {
  const home = mkdtempSync(join(tmpdir(), 'asi-confirmation-'));
  let servers: Awaited<ReturnType<typeof startEmbeddedServers>>;
  let roles: Awaited<ReturnType<typeof startScriptedRoles>>;
  let database: Database;
  let reading: Reading;
  let campaigns = 0;

  const environment = () => ({
    NATS_URL: servers.natsUrl,
    MONGODB_URL: servers.mongodbUrl,
    ASI_LEASE_SECONDS: '1',
    ASI_INSTANCE: 'd',
  });
  const director = (extra: Record<string, string> = {}) =>
    startHouseProcess('agents/director/src/main.ts', { ...environment(), ...extra });
  const campaignOf = (id: string) => campaignsIn(database).get(id) as Promise<CampaignRecord | null>;
  const ended = (id: string) => until(`${id} has ended`, async () => (await campaignOf(id))?.state === 'finished', 90);

  beforeAll(async () => {
    servers = await startEmbeddedServers({ home });
    roles = await startScriptedRoles(servers.natsUrl, { measured: (id) => measured(id.replace(/^c\d+/, '')) });
    database = await openDatabase(servers.mongodbUrl);
    reading = await openReading({ natsUrl: servers.natsUrl, mongodbUrl: servers.mongodbUrl, source: 'test/one' });
  });

  afterAll(async () => {
    await reading?.close();
    await roles?.stop();
    await database?.close();
    await servers?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  async function begin(): Promise<CampaignId> {
    campaigns++;
    const settings = campaignSettingsSchema.parse({
      suite: 'cpu-smoke',
      evaluationSeed: `run ${campaigns}`,
      baselines: [
        { name: 'delta-net', seeds: [0, 1, 2] },
        { name: 'gated-delta-net', seeds: [0, 1, 2] },
      ],
      budget: { candidates: 4 },
      confirmation: { best: 2 },
      inFlight: 2,
      policy: 'greedy',
      policyOptions: { references: 0 },
    });
    await roles.bus.publish(catalogue.startCampaign, { experimentId: null, data: { settings } });
    return `c${String(campaigns).padStart(3, '0')}` as CampaignId;
  }

  const confirm = (id: string, seeds = 8) =>
    roles.bus.publish(catalogue.confirmCandidate, {
      experimentId: id as ExperimentId,
      data: { experimentId: id as ExperimentId, seeds },
    });

  async function documents(id: CampaignId) {
    const records: ExperimentRecord[] = [];
    for await (const record of experimentsIn(database).all({ campaignId: id })) records.push(record);
    const campaign = await campaignOf(id);
    return {
      records: records.map(comparable),
      plans: JSON.parse(
        JSON.stringify(campaign?.confirmations.map(({ level, order, concludedAt, ...plan }) => plan)).replaceAll(
          id,
          'c',
        ),
      ),
      note: campaign?.note.replaceAll(id, 'c'),
    };
  }

  it('confirms what is better and not what was lucky, and says so everywhere; by hand also after the end', async () => {
    const running = await director();
    try {
      const id = await begin();
      await ended(id);
      const before = await documents(id);
      const board = await reading.leaderboard(id);
      const row = (ordinal: number) => board?.rows.find((one) => one.ordinal === ordinal);
      expect(row(truly)).toMatchObject({
        status: 'confirmed',
        provisional: false,
        confirmation: { order: 2 },
      });
      expect(row(lucky)).toMatchObject({ provisional: true, confirmation: { order: 1, pairs: 3 } });
      expect(['refuted', 'not-confirmed']).toContain(row(lucky)?.status);
      expect(row(3)).toMatchObject({ status: 'provisional', confirmation: null });
      const [difference] = row(truly)?.confirmation?.differences ?? [];
      expect(difference).toMatchObject({ relation: 'baseline', name: 'delta-net', verdict: 'better' });
      expect(difference?.low).toBeGreaterThan(0);
      expect(difference?.shrunk?.effect).toBeGreaterThan(0.2);
      expect((await campaignOf(id))?.note).toMatch(
        /4 candidates completed; .*0002.*; c001-0001 confirmed with \d fresh/,
      );
      // Nothing is shared: DeltaNet is trained anew for each.
      const runs = before.records.filter((one) => (one as ExperimentRecord).kind === 'confirmation');
      const pairs = [truly, lucky].map((ordinal) => row(ordinal)?.confirmation?.pairs ?? 0);
      expect(runs).toHaveLength(2 * ((pairs[0] ?? 0) + (pairs[1] ?? 0)));
      const told: string[] = [];
      for await (const line of reading.journal({ experimentId: `${id}-0001`, types: ['confirmation'] }))
        told.push(line.summary);
      expect(told).toEqual([
        expect.stringContaining('is sent to confirmation 2 of the laboratory: against delta-net'),
        expect.stringMatching(/confirmed with \d fresh seeds: better than delta-net/),
      ]);

      const third = `${id}-0003`;
      const stoppedAt = (await campaignOf(id))?.finishedAt;
      await confirm(third, 4);
      await until('it is planned', async () => (await campaignOf(id))?.confirmations.length === 3);
      await ended(id);
      const again = await campaignOf(id);
      expect(again?.confirmations[2]).toMatchObject({
        candidateId: third,
        order: 3,
        requestedBy: 'person',
        looks: [3, 4],
      });
      expect(again?.finishedAt).toBe(stoppedAt);
      expect(again?.note).toContain(`${third} `);
      const after = await documents(id);
      const candidates = (all: typeof after) =>
        all.records.filter((one) => (one as ExperimentRecord).kind !== 'confirmation');
      expect(candidates(after)).toEqual(candidates(before));
      const result = (await reading.leaderboard(id))?.rows.find((one) => one.id === third)?.confirmation;
      expect(result?.status).not.toBe('confirmed');
      // Its parent is the candidate that was best when it was sampled: trained again on the same seeds.
      expect(result?.differences.map(({ relation }) => relation)).toEqual(['baseline', 'parent']);
      // A further test of the same candidate has fresh seeds of its own.
      await confirm(third, 2);
      await until('it is planned', async () => (await campaignOf(id))?.confirmations.length === 4);
      await ended(id);
      const used = (await campaignOf(id))?.confirmations.slice(2).flatMap(({ seeds }) => seeds) ?? [];
      expect(new Set(used).size).toBe(6);
      expect((await inflightIn(database).all()).length).toBe(0);
    } finally {
      await running.stop();
    }
  });

  it('refuses what cannot be confirmed in words, and changes nothing', async () => {
    const running = await director();
    const refusals: string[] = [];
    const watch = roles.bus.watch(deadLettersOf('director'), ({ data }) => {
      refusals.push((data as { code: string }).code);
    });
    try {
      const before = await campaignOf('c001');
      for (const id of ['c001-0099', 'c001-b01', 'c001-f-delta-net-101']) await confirm(id);
      await until('all are refused', async () => refusals.length === 3);
      expect(refusals.sort()).toEqual(['not-a-candidate', 'not-a-candidate', 'unknown-experiment']);
      expect(await campaignOf('c001')).toEqual(before);
    } finally {
      watch.stop();
      await running.stop();
    }
  });

  const points = [
    'afterPublish:CONFIRMATIONS_CHOSEN',
    'afterPublish:CONFIRMATION_CONCLUDED',
    ...(everything
      ? [
          'afterDecide:CONFIRMATIONS_CHOSEN',
          'afterCommit:CONFIRMATIONS_CHOSEN',
          'afterDecide:CONFIRMATION_CONCLUDED',
          'afterCommit:CONFIRMATION_CONCLUDED',
        ]
      : []),
  ];
  it.each(points)('a director killed at %s leaves the documents of an undisturbed run', async (point) => {
    let running = await director();
    const undisturbed = await begin();
    try {
      await ended(undisturbed);
    } finally {
      await running.stop();
    }
    running = await director({ ASI_CRASH_AT: point });
    const disturbed = await begin();
    try {
      expect((await running.exited).signal, running.output()).toBe('SIGKILL');
      running = await director();
      await ended(disturbed);
    } finally {
      await running.stop();
    }
    expect(await documents(disturbed)).toEqual(await documents(undisturbed));
    const planned: string[] = [];
    for await (const line of reading.journal({ campaignId: disturbed, types: ['confirmation'] }))
      planned.push(line.type ?? '');
    expect(planned.sort()).toEqual([
      'asi.confirmation.concluded.v1',
      'asi.confirmation.concluded.v1',
      'asi.confirmation.planned.v1',
      'asi.confirmation.planned.v1',
    ]);
    expect((await inflightIn(database).all()).length).toBe(0);
  });
});
