import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Bus, connectBus, type Definition } from '@asi/bus';
import {
  attemptTokenOf,
  baselineComponents,
  baselineIdOf,
  campaignIdOf,
  candidateIdOf,
  catalogue,
  type DataOf,
  derivedMessageId,
  experimentIdSchema,
  filterFor,
  languageModelSchema,
} from '@asi/contracts';
import { type EmbeddedServers, startEmbeddedServers } from '@asi/lab/embedded-servers';
import { sampleCampaign } from '@asi/reading/testing';
import { campaignsIn, openDatabase } from '@asi/store';
import { answer, startOpenAiServer } from '@asi/testkit/openai-server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { analyseData } from '../agents/analyst/src/testing/analyse-command.ts';
import { analysisAnswer, unfounded } from '../agents/analyst/src/testing/llm-house.ts';
import { judgeData } from '../agents/judge/src/testing/judge-command.ts';

const folders = { archive: 'services', cognition: 'services', analyst: 'agents', judge: 'agents' } as const;
type Role = keyof typeof folders;

let home: string;
let servers: EmbeddedServers;
let bus: Bus;
const running = new Map<Role, ChildProcess>();

function launch(role: Role): void {
  const main = fileURLToPath(new URL(`../${folders[role]}/${role}/src/main.ts`, import.meta.url));
  const env = {
    PATH: process.env.PATH ?? '',
    NATS_URL: servers.natsUrl,
    ASI_LOG_LEVEL: 'error',
    ASI_LEASE_SECONDS: '2',
    // Agents get no database: what they must keep they hand to the archive.
    ...(folders[role] === 'services' ? { MONGODB_URL: servers.mongodbUrl } : {}),
  };
  running.set(role, spawn(process.execPath, [main], { env, stdio: ['ignore', 'ignore', 'inherit'] }));
}

async function end(role: Role, signal: NodeJS.Signals): Promise<void> {
  const child = running.get(role);
  if (!child || child.exitCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'asi-minds-'));
  servers = await startEmbeddedServers({ home });
  bus = await connectBus({ url: servers.natsUrl, source: 'test/minds' });
  for (const role of Object.keys(folders) as Role[]) launch(role);
});

afterAll(async () => {
  await Promise.all([...running.keys()].map((role) => end(role, 'SIGTERM')));
  await bus.close();
  await servers.stop();
  await rm(home, { recursive: true, force: true });
});

const campaignId = campaignIdOf(1);

async function settle(id: string, ordinal: number | null, components: readonly string[], merit: number): Promise<void> {
  const experimentId = experimentIdSchema.parse(id);
  await bus.publish(catalogue.settled, {
    experimentId,
    campaignId,
    id: derivedMessageId(id, 'settled'),
    data: {
      campaignId,
      campaignNumber: 1,
      experimentId,
      kind: ordinal === null ? 'baseline' : 'candidate',
      ordinal,
      outcome: 'completed',
      reason: null,
      name: id,
      parentId: null,
      components: [...components],
      yardstick: 'y',
      fitness: { loss: merit, benchmark: merit, judge: null, merit, total: null, suspicious: false },
    },
  });
}

async function firstOf<Name extends 'analysed' | 'judged'>(name: Name): Promise<DataOf<Name>> {
  const { kind, owner, name: event } = catalogue[name];
  for await (const { envelope } of bus.journal({ filters: [filterFor(kind, owner, event)], follow: true })) {
    if (envelope) return envelope.data as DataOf<Name>;
  }
  throw new Error('the journal ended');
}

const command = (definition: Definition, data: { experimentId: string }) =>
  bus.publish(definition, { experimentId: experimentIdSchema.parse(data.experimentId), campaignId, data });

test('a result becomes an analysis and a kept insight, although the analyst is killed while it waits for the archive', async () => {
  const deltaNet = baselineComponents['delta-net'] ?? [];
  const reflecting = deltaNet.map((label) => (label === 'write=delta' ? 'write=delta-2' : label));
  const base = analyseData();
  const data = analyseData({ horizon: 4, design: { ...base.design, components: reflecting } });
  await settle(baselineIdOf(campaignId, 0), null, deltaNet, 0.5);
  for (const ordinal of [1, 2, 3]) {
    const reflects = ordinal % 2 === 1;
    await settle(candidateIdOf(campaignId, ordinal), ordinal, reflects ? reflecting : deltaNet, reflects ? 0.82 : 0.49);
  }
  await command(catalogue.analyse, data);
  for (let seen = false; !seen; ) {
    seen = (await bus.discover(200)).some(({ role, tasks }) => role === 'analyst' && tasks.length > 0);
  }
  await end('analyst', 'SIGKILL');
  launch('analyst');
  await settle(candidateIdOf(campaignId, 4), 4, reflecting, 0.8);

  const { analysis } = await firstOf('analysed');
  expect(analysis.predictionHeld).toBe('held');
  expect(analysis.citations.some(({ kind }) => kind === 'paper')).toBe(true);
  const at = { yardstick: 'y', campaignNumber: 1, horizon: 4, limit: 9 };
  expect((await bus.request('recallInsights', at)).insights).toEqual([]);
  const rest = [5, 6, 7].map((ordinal) => settle(candidateIdOf(campaignId, ordinal), ordinal, [], 0.5));
  await Promise.all(rest);
  for (let insights: unknown[] = []; insights.length === 0; ) {
    const reply = await bus.request('recallInsights', { ...at, horizon: 7 });
    insights = reply.insights;
    if (insights.length > 0) {
      expect(reply.insights[0]?.text).toMatch(/write=delta-2 \+0\.\d+ \[\+/);
      expect(reply.insights[0]?.effects.find((one) => one.component === 'write=delta-2')?.experiments).toBe(4);
    }
  }
});

test('a design is told the effects of all results within its horizon, although no analysis knew them all', async () => {
  const meritScale = {
    baseline: { name: 'delta-net', languageModelLoss: 2, battery: 0.6 },
    band: { loss: 0.2, battery: 0.2 },
    noise: 0.05,
    degreesOfFreedom: 8,
  };
  const effectsAt = async (horizon: number) => {
    const at = { yardstick: 'y', campaignNumber: 1, horizon, arm: null, meritScale };
    const { effects } = await bus.request('componentEffects', at);
    return effects.find(({ component }) => component === 'write=delta-2');
  };
  // The first analysis, at horizon 4, knew four of these and its own; none was made since.
  expect(await effectsAt(0)).toBeUndefined();
  expect(await effectsAt(2)).toMatchObject({ experiments: 1 });
  expect(await effectsAt(4)).toMatchObject({ experiments: 3 });
  expect((await effectsAt(4))?.effect).toBeGreaterThan(0);
});

test('an analysis whose deadline has passed asks its model nothing more: only the newer attempt is paid for', async () => {
  // The ledger asks the campaign for its caps.
  const database = await openDatabase(servers.mongodbUrl);
  const { campaign } = sampleCampaign({ number: 1, candidates: 1, wanted: 1, state: 'running' });
  await campaignsIn(database).create({ ...campaign, baselineIds: [] });
  await database.close();
  const experimentId = candidateIdOf(campaignId, 8);
  const keep = async (body: string) => (await bus.request('putArtifact', { body, mediaType: 'text/plain' })).hash;
  const common = analyseData({ experimentId, ordinal: 8, horizon: 0 });
  const data: DataOf<'analyse'> = {
    ...common,
    design: { ...common.design, programHash: await keep('class Mixer: ...') },
    measurement: { ...common.measurement, curvesHash: await keep('{}') },
  };
  const attempt = (number: number, thinking: Pick<DataOf<'analyse'>, 'mind' | 'model'>) =>
    bus.publish(catalogue.analyse, {
      experimentId,
      campaignId,
      attempt: number,
      data: { ...data, ...thinking, attempt: number, token: attemptTokenOf(experimentId, 'analysing', number) },
    });
  const server = await startOpenAiServer({
    script: async () => {
      await attempt(2, { mind: 'offline', model: null });
      // One claim does not stand, so that a question to mend it would follow.
      return answer(analysisAnswer({ claims: [unfounded] }), { delayMilliseconds: 500 });
    },
  });
  try {
    await attempt(1, { mind: 'llm', model: languageModelSchema.parse({ baseUrl: server.url, model: 'a-model' }) });
    const { kind, owner, name } = catalogue.analysed;
    const told: Array<DataOf<'analysed'>> = [];
    for await (const { envelope } of bus.journal({ filters: [filterFor(kind, owner, name)], follow: true })) {
      const analysed = envelope?.data as DataOf<'analysed'>;
      if (analysed.experimentId !== experimentId) continue;
      told.push(analysed);
      break;
    }
    for (let idle = false; !idle; ) {
      const status = (await bus.discover(200)).find(({ role }) => role === 'analyst');
      idle = status !== undefined && status.tasks.length === 0;
    }
    expect(told.map(({ attempt: number }) => number)).toEqual([2]);
    // The question was under way when the deadline passed; a busy machine has it delivered, and asked, more than once by then.
    expect(server.requests.length).toBeGreaterThan(0);
    expect(server.requests.filter((request) => request.holds('these parts do not stand'))).toEqual([]);
  } finally {
    await server.stop();
  }
});

test('a result is judged by the rubric', async () => {
  await command(catalogue.judge, judgeData({ merit: 0.7 }));
  const { judgement } = await firstOf('judged');
  expect(judgement.criteria.performance).toBe(10);
});
