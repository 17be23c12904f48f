import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { endEveryAsi, startAsi } from './support/asi-command.ts';
import { familyOf, survivors } from './support/living-processes.ts';
import { recordCampaigns } from './support/recorded-campaigns.ts';

const base = mkdtempSync(join(tmpdir(), 'asi-replay-ended-'));
const home = join(base, 'state');

beforeAll(() => recordCampaigns(base, home, [1]), 180_000);
afterAll(async () => {
  await endEveryAsi();
  rmSync(base, { recursive: true, force: true, maxRetries: 5 });
});

it('Ctrl-C ends a replay with all that it started, and removes its folder', { timeout: 120_000 }, async () => {
  const command = startAsi(home, ['replay']);
  await command.seen(/decisions to compare/);
  const family = familyOf(command.pid);
  command.signal('SIGINT');
  expect(await command.ended, command.output()).toEqual({ code: 130, signal: null });
  expect(await survivors(family, home, 0)).toEqual([]);
  expect(readdirSync(join(home, 'replays'))).toEqual([]);
});

it('without its ledgers a replay is refused, and told where to look for them', async () => {
  const command = startAsi(home, ['replay', '--ledgers', base]);
  expect(await command.ended).toMatchObject({ code: 1 });
  expect(command.output()).toMatch(/hold no training of this campaign: say where they are with --ledgers/);
});
