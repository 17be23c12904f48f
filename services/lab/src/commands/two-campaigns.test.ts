import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleCampaign } from '@asi/reading/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stateFolder } from '../stack/state-folder.ts';
import { captureCli } from '../testing/captured-context.ts';
import { keepSamples } from '../testing/keep-samples.ts';

const home = mkdtempSync(join(tmpdir(), 'asi-two-campaigns-'));
const { NATS_URL: _nats, MONGODB_URL: _mongodb, ...inherited } = process.env;
const env = { ...inherited, ASI_HOME: home };
const asi = (...args: string[]) => captureCli(args, env);
const idsIn = (text: string) => new Set(text.match(/c00\d(?=-)/g));

beforeAll(async () => {
  const startedAt = new Date('2026-01-16T09:00:00.000Z');
  await keepSamples(stateFolder(env).data, [
    sampleCampaign({ candidates: 4, wanted: 4, underWay: 0, state: 'finished' }),
    sampleCampaign({ number: 2, seed: 'second', candidates: 3, wanted: 9, underWay: 2, state: 'paused', startedAt }),
  ]);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

test('with two campaigns in one folder every page says which it shows, and how to see the other', async () => {
  for (const command of ['leaderboard', 'tree']) {
    const newest = (await asi(command)).out;
    expect(newest.split('\n')[0], command).toBe(
      'campaign c002 "sample", unfinished and paused; asi run continues it (the other one: --campaign c001)',
    );
    expect(idsIn(newest.split('\n').slice(1).join('\n')), command).toEqual(new Set(['c002']));
    const first = (await asi(command, '--campaign', 'c001')).out;
    expect(first.split('\n')[0], command).toContain('campaign c001 "sample", finished');
    expect(idsIn(first.split('\n').slice(1).join('\n')), command).toEqual(new Set(['c001']));
  }
});

test('--campaign is understood by every command that reads one campaign', async () => {
  for (const command of ['leaderboard', 'tree', 'report', 'export'])
    expect(JSON.parse((await asi(command, '--campaign', 'c001', '--json')).out).campaignId, command).toBe('c001');
  const status = JSON.parse((await asi('status', '--campaign', 'c001', '--json')).out);
  expect([status.progress.campaignId, status.campaigns.map(({ id }: { id: string }) => id)]).toEqual([
    'c001',
    ['c001', 'c002'],
  ]);
  expect((await asi('status', '--campaign', 'c001')).out).toContain('c001: 4 of 4 candidates');
  const journal = (await asi('journal', '--campaign', 'c002', '--json')).out.trim().split('\n');
  expect(journal.length).toBeGreaterThan(20);
  for (const line of journal) {
    const { campaignId, experimentId } = JSON.parse(line);
    expect(experimentId ?? campaignId).toMatch(/^c002/);
  }
});

test('where nothing failed, that is said', async () => {
  const { code, out } = await asi('leaderboard', '--failures', '--campaign', 'c001');
  expect([code, out.split('\n').at(-2)]).toEqual([0, expect.stringContaining('nothing has failed')]);
});

test.each(['leaderboard', 'tree', 'report', 'export', 'status', 'journal'])(
  'asi %s --campaign of one that does not exist is one clear line',
  async (command) => {
    const { code, error, out } = await asi(command, '--campaign', 'c009');
    expect([code, error, out]).toEqual([1, 'asi: there is no campaign c009; asi status lists them\n', '']);
  },
);

test.each(['show', 'journal'])(
  'asi %s of a campaign instead of an experiment says what to ask for',
  async (command) => {
    expect((await asi(command, 'c001')).error).toMatch(/^asi: c001 is a campaign: .* --campaign c001\n$/);
  },
);
