import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { captureCli } from '../testing/captured-context.ts';

const empty = mkdtempSync(join(tmpdir(), 'asi-cli-empty-'));
const { NATS_URL: _nats, MONGODB_URL: _mongodb, ASI_RUNNER_URL: _runner, ...inherited } = process.env;
const env = { ...inherited, ASI_HOME: empty };
afterAll(() => rmSync(empty, { recursive: true, force: true }));

test.each(['status', 'leaderboard', 'watch', 'down', 'pause'])(
  'asi %s with a mistyped ASI_HOME makes no folder and says which one is meant',
  async (command) => {
    const mistyped = join(empty, command, 'no-such');
    const { code, error } = await captureCli([command], { ...env, ASI_HOME: mistyped });
    expect({ code, made: existsSync(mistyped) }).toEqual({ code: 3, made: false });
    expect(error).toContain(`ASI_HOME names ${mistyped}, which does not exist`);
  },
);

test('a state folder without a campaign says how to start one', async () => {
  const here = (...args: string[]) => captureCli(args, env);
  expect(await here('leaderboard')).toMatchObject({
    code: 1,
    error: 'asi: there is no campaign yet; start one with asi run\n',
  });
  expect((await here('status')).out).toContain('asi run starts one');
  expect(JSON.parse((await here('status', '--json')).out)).toMatchObject({ stack: null, processes: [], campaigns: [] });
  expect((await here('down')).out).toContain('not running');
});

test('only one of NATS_URL and MONGODB_URL is a wrong usage', async () => {
  const { code, error } = await captureCli(['status'], { ...env, NATS_URL: 'nats://127.0.0.1:1' });
  expect([code, error]).toEqual([2, expect.stringContaining('MONGODB_URL is not')]);
});
