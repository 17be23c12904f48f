import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

const moduleUrl = (name) => JSON.stringify(new URL(name, import.meta.url).href);
const program = `
  const { interruptible } = await import(${moduleUrl('./interruption.mjs')});
  const { oneAtATime } = await import(${moduleUrl('./one-at-a-time.mjs')});
  const { tryCommand } = await import(${moduleUrl('./command.mjs')});
  const { runMain } = await import(${moduleUrl('./setup-failure.mjs')});
  const command = 'trap "sleep 0.3; touch ended; exit 0" TERM; touch begun; while :; do sleep 0.05; done';
  await runMain(() => interruptible(() => oneAtATime(async () => {
    await tryCommand('sh', ['-c', command], { cwd: '.' });
    await tryCommand('sh', ['-c', 'touch second'], { cwd: '.' });
  }, '.')));`;

test('Ctrl-C in the installation is one line; its command has ended before the lock is free, and nothing follows it', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'asi-interrupted-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: folder,
    env: { ...process.env, ASI_TOOLCHAIN: folder },
  });
  t.after(() => child.kill('SIGKILL'));
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  while (!existsSync(join(folder, 'begun'))) await sleep(20);
  child.kill('SIGINT');
  const [code] = await once(child, 'close');
  assert.equal(said, 'asi: the installation was interrupted; the next start goes on where it was\n');
  assert.equal(code, 130);
  assert.deepEqual(
    ['ended', 'second', 'install.lock'].map((name) => existsSync(join(folder, name))),
    [true, false, false],
  );
});
