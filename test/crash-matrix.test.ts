import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CampaignId, campaignSettingsSchema, catalogue, type ExperimentRecord } from '@asi/contracts';
import { startEmbeddedServers } from '@asi/lab/embedded-servers';
import { campaignsIn, type Database, experimentsIn, inflightIn, openDatabase } from '@asi/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crashPoints } from '../agents/director/src/crash-points.ts';
import { experimentMachine } from '../agents/director/src/experiment/machine.ts';
import { comparable } from './support/final-documents.ts';
import { startHouseProcess } from './support/house-process.ts';
import { type Script, startScriptedRoles } from './support/scripted-roles.ts';
import { until } from './support/until.ts';

const everything = process.env.ASI_TEST_FULL === '1';

/** A campaign in which these events happen, and what of its points and events is tried in every run. */
type Scenario = {
  readonly what: string;
  readonly events: readonly string[];
  /** Boundaries of changes of the campaign itself. */
  readonly ofCampaign: readonly string[];
  /** How its experiments end: what is recorded. */
  readonly ends: readonly string[];
  /** Points that an event does not pass: what is no delivery is not acknowledged, a creation loads and decides nothing. */
  readonly impossible: readonly string[];
  readonly always: readonly string[];
  readonly script: Script;
  readonly settings: Record<string, unknown>;
  /** Experiments that it leaves. */
  readonly records: number;
};

const scenarios: readonly Scenario[] = [
  {
    what: 'two baselines, a candidate whose first training is lost, a twin, one that diverges, one that is fine',
    events: [
      'BEGIN',
      'DESIGNED',
      'DESIGN_REJECTED',
      'TRAINING_STARTED',
      'TRAINED',
      'TRAINING_FAILED',
      'REFERENCE_READY',
      'JUDGED',
      'ANALYSED',
    ],
    ofCampaign: [
      'afterCommit:CAMPAIGN_STARTED',
      'afterPublish:CAMPAIGN_STARTED',
      'afterPublish:REFERENCE_SET',
      'afterCommit:REFERENCE_SET',
      'afterCommit:CAMPAIGN_CHANGED',
      'afterPublish:CAMPAIGN_CHANGED',
    ],
    ends: ['completed', 'rejected', 'failed'],
    impossible: ['afterLoad:BEGIN', 'afterDecide:BEGIN', 'beforeAck:BEGIN', 'beforeAck:REFERENCE_READY'],
    /*
     * Each event where a killed director leaves most behind it (what is decided and stored, and not yet said), work that is
     * handed on where it was said and perhaps not acknowledged, each end, and each other point.
     */
    always: [
      'afterCommit:BEGIN',
      'afterCommit:DESIGNED',
      'afterCommit:DESIGN_REJECTED',
      'afterCommit:TRAINING_STARTED',
      'afterCommit:TRAINED',
      'afterCommit:TRAINING_FAILED',
      'afterCommit:REFERENCE_READY',
      'afterCommit:JUDGED',
      'afterCommit:ANALYSED',
      'afterPublish:BEGIN',
      'afterPublish:TRAINING_STARTED',
      'afterPublish:TRAINED',
      'afterPublish:REFERENCE_READY',
      'afterLoad:TRAINING_STARTED',
      'afterDecide:ANALYSED',
      'beforeAck:TRAINING_FAILED',
      'afterRecord:completed',
      'afterRecord:rejected',
      'afterRecord:failed',
      'afterCommit:CAMPAIGN_STARTED',
      'afterPublish:REFERENCE_SET',
      'afterCommit:CAMPAIGN_CHANGED',
    ],
    script: {
      rejects: (ordinal) => ordinal === 2,
      training: (id, attempt) =>
        id.endsWith('-0001') && attempt === 1 ? 'lost' : id.endsWith('-0003') ? 'diverged' : 'measured',
    },
    settings: { inFlight: 2 },
    records: 6,
  },
  {
    what: 'a candidate that is cancelled, one whose design, judgement and analysis fail once, one of which the gate is silent',
    events: ['CANCEL', 'DESIGN_FAILED', 'GATE_ANSWERED', 'JUDGING_FAILED', 'ANALYSING_FAILED', 'DEADLINE'],
    ofCampaign: [],
    ends: ['cancelled'],
    impossible: ['beforeAck:DEADLINE'],
    always: ['afterCommit:GATE_ANSWERED', 'afterPublish:JUDGING_FAILED'],
    script: {
      cancels: (ordinal) => ordinal === 1,
      failsOnce: (_, id) => id.endsWith('-0002'),
      gate: { role: 'reviewer', verdict: (id) => (id.endsWith('-0003') ? null : 'allow') },
    },
    // Its candidates one after another: what the second knows of the first is then the same in every run.
    settings: {
      inFlight: 1,
      gates: [{ role: 'reviewer', stage: 'designed', deadlineSeconds: 0.1, onSilence: 'allow' }],
    },
    records: 5,
  },
];

const possible = ({ events, ends, impossible, ofCampaign }: Scenario): string[] =>
  [
    ...ofCampaign,
    ...crashPoints
      .filter((point) => point !== 'afterRecord')
      .flatMap((point) => events.map((event) => `${point}:${event}`)),
    ...ends.map((state) => `afterRecord:${state}`),
  ].filter((one) => !impossible.includes(one));

it('every run tries every point, and each event of an ordinary campaign where most is left behind; the full run tries all', () => {
  const [ordinary] = scenarios;
  const tried = scenarios.flatMap(({ always }) => always).map((one) => one.split(':') as [string, string]);
  expect(new Set(tried.map(([point]) => point))).toEqual(new Set(crashPoints));
  for (const event of ordinary?.events ?? []) expect(ordinary?.always).toContain(`afterCommit:${event}`);
  for (const scenario of scenarios) {
    expect(scenario.always.filter((one) => !possible(scenario).includes(one))).toEqual([]);
    expect(scenario.always.length).toBeGreaterThanOrEqual(2);
  }
});

it('the matrix has every event that moves an experiment: one that is added to the machine must be added here', () => {
  const moving = experimentMachine.events.filter((event) => !event.startsWith('xstate.'));
  expect(scenarios.flatMap(({ events }) => events).sort()).toEqual([...moving].sort());
});

describe.each(scenarios)('a director killed at any boundary of a step: $what', (scenario) => {
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
    roles = await startScriptedRoles(servers.natsUrl, scenario.script);
    database = await openDatabase(servers.mongodbUrl);
    undisturbed = await runCampaign(null);
    expect(undisturbed).toHaveLength(scenario.records);
  });

  afterAll(async () => {
    await roles?.stop();
    await database?.close();
    await servers?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  /** One campaign, from its start to its end, with a director that is killed once, or never. */
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
      // No draws: the runs are campaigns with different numbers, and draws depend on the number.
      policy: 'greedy',
      policyOptions: { references: 0 },
      ...scenario.settings,
    });
    await roles.bus.publish(catalogue.startCampaign, { experimentId: null, data: { settings } });
    try {
      if (crashAt) {
        const end = await Promise.race([director.exited, pause(60_000)]);
        expect(end?.signal, director.output()).toBe('SIGKILL');
        director = await startHouseProcess('agents/director/src/main.ts', environment());
      }
      await until(
        () => `the end of the campaign\n${director.output().slice(-4000)}`,
        async () => {
          const campaign = await campaignsIn(database).get(id);
          return campaign?.state === 'finished' && campaign.untold === null;
        },
        90,
      );
    } finally {
      await director.stop();
    }
    expect((await inflightIn(database).all()).length).toBe(0);
    expect(await newsOf(id)).toEqual(['campaign-started', 'reference-set', 'campaign-changed']);
    const records: ExperimentRecord[] = [];
    for await (const record of experimentsIn(database).all({ campaignId: id })) records.push(record);
    return records.map(comparable);
  }

  /** The kinds of messages about a campaign as a whole that its journal holds, in their order. */
  async function newsOf(id: CampaignId): Promise<string[]> {
    const names = new Set<string>();
    for await (const { envelope } of roles.bus.journal({}))
      for (const { type, name } of [catalogue.campaignStarted, catalogue.referenceSet, catalogue.campaignChanged])
        if (envelope?.type === type && (envelope.data as { campaignId?: string }).campaignId === id) names.add(name);
    return [...names];
  }

  it.each(everything ? possible(scenario) : scenario.always)(
    'at %s leaves the documents of an undisturbed run: nothing lost, nothing twice',
    async (crashAt) => {
      expect(await runCampaign(crashAt)).toEqual(undisturbed);
    },
    180_000,
  );
});

const pause = (milliseconds: number): Promise<null> =>
  new Promise((resolve) => setTimeout(() => resolve(null), milliseconds));
