import { connectBus } from '@asi/bus';
import { insertSampleCampaign, publishSampleJournal, sampleCampaign } from '@asi/reading/testing';
import { openDatabase } from '@asi/store';
import { expect, onTestFinished, test } from 'vitest';
import { startEmbeddedServers } from '../stack/embedded-servers.ts';
import { identify } from '../stack/process-identity.ts';
import { removeStack, writeStack } from '../stack/stack-file.ts';
import { acquireStackLock } from '../stack/stack-lock.ts';
import { stateFolder } from '../stack/state-folder.ts';
import { temporaryFolder } from '../stack/testing/temporary-home.ts';
import { captureCli } from '../testing/captured-context.ts';

const { NATS_URL: _nats, MONGODB_URL: _mongodb, ASI_RUNNER_URL: _runner, ...inherited } = process.env;

test('who follows the journal hears that the stack has ended, and where to go on, instead of nothing for ever', async () => {
  const env = { ...inherited, ASI_HOME: temporaryFolder() };
  const folder = stateFolder(env);
  const { natsUrl, mongodbUrl, ...servers } = await startEmbeddedServers({ home: folder.data });
  onTestFinished(() => servers.kill());
  const bus = await connectBus({ url: natsUrl, source: 'sample/1' });
  const database = await openDatabase(mongodbUrl);
  const sample = sampleCampaign({ candidates: 2, state: 'finished' });
  await insertSampleCampaign(database, sample);
  await publishSampleJournal(bus, sample);
  const last = await bus.lastSequence();
  await bus.close();
  await database.close();
  const lock = await acquireStackLock(folder, 'stack');
  onTestFinished(() => lock.release());
  writeStack(folder, {
    pid: process.pid,
    startTime: identify(process.pid)?.startTime ?? 'unknown',
    startedAt: new Date().toISOString(),
    natsUrl,
    mongodbUrl,
    embedded: true,
    runnerUrls: [],
    processes: [],
    variables: null,
  });

  const followed = captureCli(['journal', '--follow', '--type', 'asi.'], env);
  const early = await Promise.race([followed, new Promise((resolve) => setTimeout(resolve, 1500, 'follows'))]);
  expect(early).toBe('follows');
  removeStack(folder);
  const { code, out, error } = await followed;
  expect(out.trim().split('\n')).toHaveLength(last);
  expect(error).toContain('the stack has ended, and nothing new is said');
  expect(error).toContain(`asi journal --follow --type asi. --from ${last + 1} goes on from here`);
  expect(code).toBe(3);
}, 60_000);
