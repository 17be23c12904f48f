import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Calls, Reading } from '@asi/reading';
import { openReading } from '@asi/reading';
import { insertSampleCampaign, sampleCall, sampleCampaign } from '@asi/reading/testing';
import { callsIn, openDatabase } from '@asi/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEmbeddedServers } from '../stack/embedded-servers.ts';
import { awaitAnswers } from './await-answers.ts';

const home = mkdtempSync(join(tmpdir(), 'asi-await-'));
let servers: Awaited<ReturnType<typeof startEmbeddedServers>>;
let database: Awaited<ReturnType<typeof openDatabase>>;
let reading: Reading;
const call = sampleCall('c001-0099', 'design', { state: 'open', answerHash: null, usage: null, dollars: null });

beforeAll(async () => {
  servers = await startEmbeddedServers({ home });
  database = await openDatabase(servers.mongodbUrl);
  const sample = sampleCampaign({ candidates: 2, wanted: 24, state: 'paused' });
  sample.campaign.settings.minds.researcher = 'llm';
  await insertSampleCampaign(database, sample);
  await callsIn(database).insert(call);
  reading = await openReading({ natsUrl: servers.natsUrl, mongodbUrl: servers.mongodbUrl });
});
afterAll(async () => {
  await reading.close();
  await database.close();
  await servers.kill();
  rmSync(home, { recursive: true, force: true });
});

const underWay = async () => ((await reading.calls('c001')) as Calls).total.underWay;

test('an answer that is under way is waited for, and Ctrl-C does not wait', async () => {
  expect(await underWay()).toBe(1);
  const told: string[] = [];
  const interruption = new AbortController();
  const wait = (interrupt: AbortSignal) =>
    awaitAnswers(reading, 'c001', { interrupt, tell: (text) => told.push(text) });
  const impatient = wait(interruption.signal);
  const patient = wait(new AbortController().signal);
  let over = false;
  void patient.then(() => {
    over = true;
  });
  await expect.poll(() => told.length).toBe(2);
  expect(told[0]).toMatch(/^an answer of a language model is under way and paid for/);
  interruption.abort();
  await impatient;
  expect(over).toBe(false);
  await callsIn(database).replace({ ...call, state: 'failed' });
  await patient;
  expect(await underWay()).toBe(0);
});
