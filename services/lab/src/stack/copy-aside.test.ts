import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { insertSampleCampaign, sampleCampaign } from '@asi/reading/testing';
import { openDatabase } from '@asi/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyAside } from './copy-aside.ts';
import { startEmbeddedServers } from './embedded-servers.ts';
import { stateFolder } from './state-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'asi-read-only-'));
const [home, temporary, bare] = ['home', 'temporary', 'bare'].map((name) => join(root, name)) as [
  string,
  string,
  string,
];
const main = fileURLToPath(new URL('../main.ts', import.meta.url));
const isRoot = process.getuid?.() === 0;
// A mount is the only thing that keeps root from writing; another user is kept by the modes of the folders.
const sandbox = ['--bind', '/', '/', '--dev-bind', '/dev', '/dev', '--proc', '/proc', '--ro-bind', home, home];
const canMount = isRoot && spawnSync('bwrap', [...sandbox.slice(0, 8), 'true']).status === 0;

function asi(...args: string[]) {
  const { NATS_URL: _nats, MONGODB_URL: _mongodb, ...inherited } = process.env;
  const env = { ...inherited, ASI_HOME: home, TMPDIR: temporary };
  const [command, before] = isRoot ? ['bwrap', [...sandbox, process.execPath]] : [process.execPath, []];
  const { status, stdout, stderr } = spawnSync(command, [...before, main, ...args], { env, encoding: 'utf8' });
  return { code: status, out: stdout, error: stderr };
}
const chmod = (mode: string) => spawnSync('chmod', ['-R', mode, home]);

beforeAll(async () => {
  for (const each of [home, temporary, bare]) mkdirSync(each);
  const servers = await startEmbeddedServers({ home: stateFolder({ ASI_HOME: home }).data });
  const database = await openDatabase(servers.mongodbUrl);
  await insertSampleCampaign(database, sampleCampaign({ state: 'finished' }));
  await database.close();
  await servers.stop();
  if (!isRoot) chmod('a-w');
});
afterAll(() => {
  if (!isRoot) chmod('u+w');
  rmSync(root, { recursive: true, force: true });
});

test.runIf(canMount || !isRoot)(
  `a state folder that cannot be written is read on a copy, and the copy is gone afterwards${canMount || !isRoot ? '' : ' (skipped: nothing but bubblewrap keeps root from writing)'}`,
  () => {
    const board = asi('leaderboard', '--json');
    expect(board.error).toMatch(/cannot be written: reading a copy of its data \(\d+ MiB\)/);
    expect(board.error.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(board.out)).toMatchObject({ campaignId: 'c001' });
    expect(board.code).toBe(0);
    const report = asi('report');
    expect([report.code, report.error]).toEqual([1, expect.stringContaining('name a file that can')]);
    expect(asi('report', join(temporary, 'report.html')).code).toBe(0);
    expect(readdirSync(temporary)).toEqual(['report.html']);
  },
);

test('data too large to copy is refused in one line that says what to do, and nothing is left behind', async () => {
  const folder = stateFolder({ ASI_HOME: bare });
  writeFileSync(join(folder.data, 'large'), '');
  // Sparse: it takes no space.
  truncateSync(join(folder.data, 'large'), 3 * 1024 ** 3);
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith('asi-reading-'));
  await expect(copyAside(folder, () => undefined)).rejects.toMatchObject({
    code: 'state-folder',
    message: expect.stringMatching(/3072 MiB.*set ASI_HOME to the copy/),
  });
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith('asi-reading-'))).toEqual(before);
});

test('a copy is removed when it is no longer read', async () => {
  const folder = stateFolder({ ASI_HOME: join(root, 'small') });
  writeFileSync(join(folder.data, 'file'), 'kept');
  const said: string[] = [];
  const aside = await copyAside(folder, (line) => said.push(line));
  expect([existsSync(join(aside.data, 'file')), said.length]).toEqual([true, 1]);
  aside.remove();
  expect(existsSync(aside.data)).toBe(false);
});
