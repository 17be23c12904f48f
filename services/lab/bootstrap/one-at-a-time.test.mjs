import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { oneAtATime } from './one-at-a-time.mjs';

function emptyFolder(t) {
  const folder = mkdtempSync(join(tmpdir(), 'asi-lock-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('two installations of one clone never run at the same time', async (t) => {
  const folder = emptyFolder(t);
  const script = `
    const { oneAtATime } = await import(${JSON.stringify(new URL('./one-at-a-time.mjs', import.meta.url).href)});
    const { existsSync, writeFileSync, rmSync } = await import('node:fs');
    await oneAtATime(async () => {
      if (existsSync('inside')) process.exit(9);
      writeFileSync('inside', '');
      await new Promise((resolve) => setTimeout(resolve, 100));
      rmSync('inside');
    }, '.');`;
  const run = () =>
    new Promise((resolve) =>
      spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: folder }).once('exit', resolve),
    );
  assert.deepEqual(await Promise.all([run(), run(), run()]), [0, 0, 0]);
});

test('the lock of an installation that was killed is taken over, and a failure releases it', async (t) => {
  const folder = emptyFolder(t);
  const lock = join(folder, 'install.lock');
  writeFileSync(lock, String(2 ** 22 + 7));
  await assert.rejects(
    oneAtATime(async () => {
      throw new Error('no network');
    }, folder),
    /no network/,
  );
  assert.equal(existsSync(lock), false);
});

test('nobody is told to wait for an installation that is over: its lock was left by Ctrl-C', async (t) => {
  const folder = emptyFolder(t);
  writeFileSync(join(folder, 'install.lock'), String(2 ** 22 + 7));
  const write = t.mock.method(process.stdout, 'write', () => true);
  await oneAtATime(async () => undefined, folder);
  const said = write.mock.calls.map(({ arguments: [text] }) => String(text)).filter((text) => text.includes('Waiting'));
  write.mock.restore();
  assert.deepEqual(said, []);
});
