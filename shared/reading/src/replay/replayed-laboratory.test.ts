import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedServers } from '@asi/lab/embedded-servers';
import { artifactsIn, callsIn, openDatabase, type StoredCall } from '@asi/store';
import { expect, onTestFinished, test } from 'vitest';
import { insertSampleCampaign, sampleCall, sampleCampaign } from '../testing/index.ts';
import { openReplayed, prepareReplayOf } from './replayed-laboratory.ts';

async function servers() {
  const home = mkdtempSync(join(tmpdir(), 'asi-replayed-'));
  const started = await startEmbeddedServers({ home });
  onTestFinished(async () => {
    await started.stop();
    rmSync(home, { recursive: true, force: true });
  });
  return started;
}

async function withCalls(mongodbUrl: string, calls: readonly StoredCall[], campaign = false): Promise<void> {
  const database = await openDatabase(mongodbUrl);
  try {
    if (campaign) await insertSampleCampaign(database, sampleCampaign({ candidates: 2, state: 'finished' }));
    for (const [place, call] of calls.entries()) {
      const prompt = (text: string) => JSON.stringify({ messages: [{ role: 'user', content: text }] });
      const put = (text: string) => artifactsIn(database).put(prompt(text), 'application/json');
      const promptHash = await put(`Design.\n${call.node === 'score' ? place : 'one'}`);
      const answerHash = call.state === 'answered' ? await put(`answer ${place}`) : null;
      await callsIn(database).insert({ ...call, promptHash, answerHash });
    }
  } finally {
    await database.close();
  }
}

const failed = { state: 'failed', usage: null, dollars: null } as const;
const refusal = { code: 'model-refused', message: 'the filter of the endpoint refuses' };

test('the first question without an answer is named with its asker where the diverging experiment asked none; what was refused on record is none', async () => {
  const [original, fresh] = await Promise.all([servers(), servers()]);
  const score = { role: 'judge', node: 'score' };
  const recorded = [
    sampleCall('c001-0001', 'refused', { ...failed, error: refusal.message, refusal }),
    sampleCall('c001-0001', 'lost', { ...failed, error: 'the endpoint is away' }),
    sampleCall('c001-0002', 'score', score),
  ];
  await withCalls(original.mongodbUrl, recorded, true);
  await prepareReplayOf('c001', original, async () => fresh);
  const laboratory = await openReplayed(fresh, 'c001');
  onTestFinished(() => laboratory.close());
  const stuck = (id: string | null) => Promise.all([laboratory.isStuck(id), laboratory.unanswered(id)]);
  expect(await stuck(null)).toEqual([false, null]);

  const asked = { ...failed, ...score, error: 'not on record', openedAt: '2026-01-16T09:00:00.000Z' };
  await withCalls(fresh.mongodbUrl, [sampleCall('c001-0002', 'another score', asked)]);
  expect(await stuck('c001-0001')).toEqual([false, null]);
  const named = { experimentId: 'c001-0002', ...score, line: 2, recorded: '2', replayed: '0' };
  for (const id of ['c001-0002', null]) expect(await stuck(id)).toMatchObject([true, named]);
});
