import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bus, connectBus } from '@asi/bus';
import {
  artifactHashSchema,
  campaignIdOf,
  candidateIdOf,
  catalogue,
  derivedMessageId,
  hashText,
  insightSchema,
} from '@asi/contracts';
import { type EmbeddedServers, startEmbeddedServers } from '@asi/lab/embedded-servers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LaunchedArchive, launchArchive } from './testing/launch-archive.ts';

let home: string;
let servers: EmbeddedServers;
let bus: Bus;
let archive: LaunchedArchive;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'asi-archive-'));
  servers = await startEmbeddedServers({ home });
  bus = await connectBus({ url: servers.natsUrl, source: 'test/archive' });
  archive = launchArchive(servers);
});

afterAll(async () => {
  await archive.stop();
  await bus.close();
  await servers.stop();
  await rm(home, { recursive: true, force: true });
});

const campaignId = campaignIdOf(1);
const at = { yardstick: 'y', campaignNumber: 1 };

async function settle(ordinal: number): Promise<void> {
  const experimentId = candidateIdOf(campaignId, ordinal);
  await bus.publish(catalogue.settled, {
    experimentId,
    campaignId,
    id: derivedMessageId(experimentId, 'settled'),
    data: {
      campaignId,
      campaignNumber: 1,
      experimentId,
      kind: 'candidate',
      ordinal,
      outcome: 'completed',
      reason: null,
      name: `n${ordinal}`,
      parentId: null,
      components: ['write=delta'],
      yardstick: 'y',
      fitness: { loss: 0.5, benchmark: 0.5, judge: null, merit: 0.5, total: null, suspicious: false },
    },
  });
}

const insight = insightSchema.parse({
  _id: 'c001-0001',
  experimentId: 'c001-0001',
  ordinal: 1,
  ...at,
  text: 'the delta rule helps',
  confidence: 0.9,
  effects: [],
  at: '2026-01-01T00:00:00.000Z',
});

async function rowsAt(horizon: number): Promise<string[]> {
  for (;;) {
    const reply = await bus.request('treeRows', { ...at, horizon, skip: 0, limit: 100 });
    if (reply.ready) return reply.rows.map((row) => row.name);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('a body is kept under the hash of its text, and an unknown hash has no body', async () => {
  const body = 'class DeltaNet: ...\n';
  const { hash } = await bus.request('putArtifact', { body, mediaType: 'text/x-python' });
  expect(hash).toBe(hashText(body));
  await bus.request('putArtifact', { body, mediaType: 'text/x-python' });
  expect(await bus.request('getArtifact', { hash })).toEqual({ body, mediaType: 'text/x-python' });
  const unknown = artifactHashSchema.parse('0'.repeat(64));
  expect((await bus.request('getArtifact', { hash: unknown })).body).toBeNull();
});

test('rows are refused until every candidate of the horizon has settled, then follow the journal', async () => {
  await settle(1);
  await settle(3);
  expect(await rowsAt(1)).toEqual(['n1']);
  expect(await bus.request('treeRows', { ...at, horizon: 3, skip: 0, limit: 9 })).toMatchObject({
    ready: false,
    rows: [],
  });
  await settle(2);
  expect(await rowsAt(3)).toEqual(['n1', 'n2', 'n3']);
});

test('insights wait for the horizon as well', async () => {
  await bus.request('putInsight', insight);
  await bus.request('putInsight', insight);
  expect(await bus.request('recallInsights', { ...at, horizon: 9, limit: 3 })).toEqual({ ready: false, insights: [] });
  expect(await bus.request('recallInsights', { ...at, horizon: 1, limit: 3 })).toEqual({
    ready: true,
    insights: [insight],
  });
});

test('nothing that was acknowledged is lost by kill -9 of the archive, and what settled meanwhile is caught up', async () => {
  const experimentId = candidateIdOf(campaignId, 1);
  const design = {
    campaignNumber: 1,
    ordinal: 1,
    programHash: 'p',
    fingerprint: [
      [1, 2, 3],
      [3, 1, 2],
    ],
    register: true,
  };
  await bus.request('checkNovelty', { ...design, experimentId });
  const mended = [
    [4, 0, 1],
    [0, 7, 1],
  ];
  await bus.request('registerRevision', { experimentId, programHash: 'm', fingerprint: mended });
  await archive.kill();
  await settle(4);
  archive = launchArchive(servers);
  expect(await rowsAt(4)).toEqual(['n1', 'n2', 'n3', 'n4']);
  const second = { ...design, experimentId: candidateIdOf(campaignId, 2), ordinal: 2, programHash: 'q' };
  expect((await bus.request('checkNovelty', second)).twinOf).toBe(experimentId);
  const rewritten = { ...second, fingerprint: mended, register: false };
  expect((await bus.request('checkNovelty', { ...rewritten, horizon: 1 })).twinOf).toBe(experimentId);
  expect((await bus.request('checkNovelty', rewritten)).twinOf).toBeNull();
  expect((await bus.request('recallInsights', { ...at, horizon: 4, limit: 3 })).insights).toEqual([insight]);
});

test('a design that was drawn anew takes the place of the first one, also on disk', async () => {
  const experimentId = candidateIdOf(campaignId, 7);
  const asker = { experimentId, campaignNumber: 1, ordinal: 7, register: true };
  await bus.request('checkNovelty', {
    ...asker,
    programHash: 'first',
    fingerprint: [
      [1, 5, 2],
      [0, 9, 1],
    ],
  });
  await bus.request('checkNovelty', {
    ...asker,
    programHash: 'second',
    fingerprint: [
      [7, 1, 1],
      [4, 0, 2],
    ],
  });
  await archive.kill();
  archive = launchArchive(servers);
  const later = {
    experimentId: candidateIdOf(campaignId, 8),
    campaignNumber: 1,
    ordinal: 8,
    register: false,
    fingerprint: [],
  };
  expect((await bus.request('checkNovelty', { ...later, programHash: 'first' })).twinOf).toBeNull();
  expect((await bus.request('checkNovelty', { ...later, programHash: 'second' })).twinOf).toBe(experimentId);
});

test('the journal is followed across a restart of broker and database', async () => {
  const [natsPort, mongoPort] = [servers.natsUrl, servers.mongodbUrl].map((url) => Number(new URL(url).port));
  await servers.kill();
  servers = await startEmbeddedServers({ home, ...(natsPort && mongoPort ? { natsPort, mongoPort } : {}) });
  await settle(5);
  expect(await rowsAt(5)).toEqual(['n1', 'n2', 'n3', 'n4', 'n5']);
});
