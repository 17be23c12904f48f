import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectBus } from '@asi/bus';
import { startEmbeddedServers } from '@asi/lab/embedded-servers';
import { openDatabase } from '@asi/store';
import { expect, onTestFinished, test } from 'vitest';
import { insertSampleCampaign, publishSampleJournal, sampleCampaign } from '../testing/index.ts';
import type { Laboratory } from './prepare-replay.ts';
import { prepareReplay } from './prepare-replay.ts';
import type { RecordedCampaign } from './recorded-campaign.ts';

async function laboratory(): Promise<Laboratory> {
  const home = mkdtempSync(join(tmpdir(), 'asi-prepare-'));
  const servers = await startEmbeddedServers({ home });
  const database = await openDatabase(servers.mongodbUrl);
  const bus = await connectBus({ url: servers.natsUrl, source: 'lab/test' });
  onTestFinished(async () => {
    await Promise.all([database.close(), bus.close()]);
    await servers.stop();
    rmSync(home, { recursive: true, force: true });
  });
  return { database, bus };
}

test('what engineers had made of designs of earlier campaigns is there in the replay, and nothing of later ones: twins would differ', async () => {
  const [from, to] = await Promise.all([laboratory(), laboratory()]);
  const earlier = sampleCampaign({ candidates: 2, state: 'finished', startedAt: new Date('2026-01-01T00:00:00Z') });
  const later = sampleCampaign({ number: 2, candidates: 1, startedAt: new Date('2026-02-01T00:00:00Z') });
  for (const sample of [earlier, later]) await insertSampleCampaign(from.database, sample);
  await publishSampleJournal(from.bus, earlier);
  const known = from.database.db.collection<{ _id: string; experimentId?: string }>('revisedFingerprints');
  for (const experimentId of ['c001-0001', 'c002-0001'])
    await known.insertOne({ _id: `${experimentId}/hash`, experimentId });
  await prepareReplay({ campaign: later.campaign, calls: [] } as unknown as RecordedCampaign, from, to);
  const copied = await to.database.db.collection('revisedFingerprints').find({}).toArray();
  expect(copied).toEqual([{ _id: 'c001-0001/hash', experimentId: 'c001-0001' }]);
});
