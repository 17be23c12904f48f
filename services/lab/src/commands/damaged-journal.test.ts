import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectBus } from '@asi/bus';
import { insertSampleCampaign, publishSampleJournal, sampleCampaign } from '@asi/reading/testing';
import { openDatabase } from '@asi/store';
import { expect, test } from 'vitest';
import { startEmbeddedServers } from '../stack/embedded-servers.ts';
import { stateFolder } from '../stack/state-folder.ts';
import { temporaryFolder } from '../stack/testing/temporary-home.ts';
import { captureCli } from '../testing/captured-context.ts';

const { NATS_URL: _nats, MONGODB_URL: _mongodb, ASI_RUNNER_URL: _runner, ...inherited } = process.env;

test('a journal that has lost messages says so, and does not read as if it were whole', async () => {
  const env = { ...inherited, ASI_HOME: temporaryFolder() };
  const { data } = stateFolder(env);
  const servers = await startEmbeddedServers({ home: data });
  const bus = await connectBus({ url: servers.natsUrl, source: 'sample/1' });
  const database = await openDatabase(servers.mongodbUrl);
  const sample = sampleCampaign({ candidates: 12, state: 'finished' });
  await insertSampleCampaign(database, sample);
  await publishSampleJournal(bus, sample);
  await bus.close();
  await database.close();
  await servers.stop();

  expect((await captureCli(['journal'], env)).error).toBe('');
  const names = readdirSync(data, { recursive: true, encoding: 'utf8' });
  const path = join(data, names.find((name) => /JOURNAL.msgs.1\.blk$/.test(name)) ?? 'no block');
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.fill(0, bytes.length >> 1, (bytes.length >> 1) + 200));
  expect((await captureCli(['journal'], env)).error).toMatch(/messages? of the journal cannot be read/);
}, 60_000);
