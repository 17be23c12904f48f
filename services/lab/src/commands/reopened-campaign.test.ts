import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectBus } from '@asi/bus';
import { openReading, type Reading } from '@asi/reading';
import { insertSampleCampaign, sampleCampaign } from '@asi/reading/testing';
import { type Database, openDatabase } from '@asi/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EmbeddedServers, startEmbeddedServers } from '../stack/embedded-servers.ts';
import { captureCli } from '../testing/captured-context.ts';
import { startStubDirector } from '../testing/stub-director.ts';
import { continueOrStart } from './open-campaign.ts';

const home = mkdtempSync(join(tmpdir(), 'asi-reopened-'));
let servers: EmbeddedServers;
let database: Database;
let reading: Reading;
let director: { stop(): Promise<void> };

/** The first campaign was opened again for a confirmation, when a second one had ended. */
beforeAll(async () => {
  servers = await startEmbeddedServers({ home: join(home, 'data') });
  database = await openDatabase(servers.mongodbUrl);
  const bus = await connectBus({ url: servers.natsUrl, source: 'director/stub' });
  director = await startStubDirector(bus, database);
  reading = await openReading(servers);
  const first = sampleCampaign({ candidates: 4, wanted: 4, underWay: 0, state: 'running' });
  const reopened = { state: 'finished' as const, note: '4 candidates completed', finishedAt: first.campaign.startedAt };
  await insertSampleCampaign(database, { ...first, campaign: { ...first.campaign, reopened } });
  await insertSampleCampaign(
    database,
    sampleCampaign({ number: 2, seed: 'second', candidates: 3, wanted: 3, underWay: 0, state: 'finished' }),
  );
});
afterAll(async () => {
  await director?.stop();
  await reading?.close();
  await database?.close();
  await servers?.stop();
  rmSync(home, { recursive: true, force: true });
});

const asi = (...args: string[]) =>
  captureCli(args, { ...process.env, ASI_HOME: home, NATS_URL: servers.natsUrl, MONGODB_URL: servers.mongodbUrl });

test('what is shown unasked is the campaign that is being confirmed, and not a newer one that has ended', async () => {
  for (const command of ['leaderboard', 'tree'])
    expect((await asi(command)).out.split('\n')[0], command).toContain('campaign c001 ');
  expect(JSON.parse((await asi('status', '--json')).out).progress.campaignId).toBe('c001');
  expect((await reading.campaign())?.id).toBe('c001');
});

test('who starts another campaign hears that the one open for a confirmation ends as it had, and not that it is cancelled', async () => {
  const signal = new AbortController().signal;
  const { said } = await continueOrStart(reading, { options: {}, fresh: true, unfinished: 'c001', signal });
  expect(said).toContain('campaign c001 is finished, as it was before its confirmation was asked for');
  expect(said).toContain('campaign c003 is started');
});
