import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleCampaign } from '@asi/reading/testing';
import { expect, test } from 'vitest';
import { stateFolder } from '../stack/state-folder.ts';
import { temporaryFolder } from '../stack/testing/temporary-home.ts';
import { captureCli } from '../testing/captured-context.ts';
import { keepSamples } from '../testing/keep-samples.ts';

const { NATS_URL: _nats, MONGODB_URL: _mongodb, ASI_RUNNER_URL: _runner, ...inherited } = process.env;

/** The files of a stopped laboratory that has finished a campaign, and the one that holds its journal. */
async function withJournal() {
  const env = { ...inherited, ASI_HOME: temporaryFolder() };
  const { data } = stateFolder(env);
  await keepSamples(data, [sampleCampaign({ candidates: 12, state: 'finished' })]);
  const names = readdirSync(data, { recursive: true, encoding: 'utf8' });
  return { env, path: join(data, names.find((name) => /JOURNAL.msgs.1\.blk$/.test(name)) ?? 'no block') };
}

test('a journal that has lost messages says so, and does not read as if it were whole', async () => {
  const { env, path } = await withJournal();
  expect((await captureCli(['journal'], env)).error).toBe('');
  const bytes = readFileSync(path);
  const damaged = async (from: number, to: number) => {
    writeFileSync(path, Buffer.from(bytes).fill(0, from, to));
    return captureCli(['journal'], env);
  };
  const text = bytes.indexOf('"motivation"', bytes.length >> 1);
  expect((await damaged(text, text + 20)).error).toMatch(/messages? of the journal cannot be read/);
}, 60_000);

test('a journal whose end is lost, which leaves no gap, is told from a whole one by the ends of experiments', async () => {
  const { env, path } = await withJournal();
  // The broker drops what follows the head of a message that it cannot read.
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.subarray(0, bytes.length >> 1));
  const { code, error } = await captureCli(['journal'], env);
  expect(code).toBe(0);
  expect(error).toMatch(/the journal does not tell how c001-\w+, .* ended, and the database does/);
}, 60_000);
