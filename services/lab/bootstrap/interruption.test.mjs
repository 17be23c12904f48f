import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

const moduleUrl = (name) => JSON.stringify(new URL(name, import.meta.url).href);
const programOf = (command) => `
  const { interruptible } = await import(${moduleUrl('./interruption.mjs')});
  const { oneAtATime } = await import(${moduleUrl('./one-at-a-time.mjs')});
  const { tryCommand } = await import(${moduleUrl('./command.mjs')});
  const { runMain } = await import(${moduleUrl('./setup-failure.mjs')});
  await runMain(() => interruptible(() => oneAtATime(async () => {
    await tryCommand('sh', ['-c', ${JSON.stringify(command)}], { cwd: '.' });
    await tryCommand('sh', ['-c', 'touch second'], { cwd: '.' });
  }, '.')));`;
const stopping = '- Stopping the installation, which takes 5 seconds at most\n';
const interrupted = 'asi: the installation was interrupted; the next start goes on where it was\n';

/** An installation in a folder of its own whose command has begun. */
async function startInstallation(t, command) {
  const folder = mkdtempSync(join(tmpdir(), 'asi-interrupted-'));
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const child = spawn(process.execPath, ['--input-type=module', '-e', programOf(command)], {
    cwd: folder,
    env: { ...process.env, ASI_TOOLCHAIN: folder },
  });
  t.after(() => child.kill('SIGKILL'));
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  const has = (name) => existsSync(join(folder, name));
  while (!has('begun')) await sleep(20);
  return { folder, child, said: () => said, has };
}

/** Fails when something goes on writing the file; on a busy machine the end of its writers may take a moment. */
async function assertSilent(file) {
  const look = () => statSync(file).mtimeMs;
  let [before, now] = [0, look()];
  for (let tries = 0; tries < 10 && now !== before; tries++) {
    await sleep(500);
    [before, now] = [now, look()];
  }
  assert.equal(now, before);
}

const deaf = 'trap "" TERM INT; for n in $(seq 400); do echo > beat; [ -e begun ] || touch begun; sleep 0.05; done';

test('Ctrl-C in the installation is two lines; its command has ended before the lock is free, and nothing follows it', async (t) => {
  const command = 'trap "sleep 0.3; touch ended; exit 0" TERM; touch begun; while :; do sleep 0.05; done';
  const { child, said, has } = await startInstallation(t, command);
  child.kill('SIGINT');
  const [code] = await once(child, 'close');
  assert.equal(said(), stopping + interrupted);
  assert.equal(code, 130);
  assert.deepEqual(['ended', 'second', 'install.lock'].map(has), [true, false, false]);
});

test('a command whose children do not listen to the end does not make Ctrl-C wait, and none of them goes on writing', async (t) => {
  const { folder, child, said, has } = await startInstallation(t, `sh -c '${deaf}' & ${deaf}`);
  const begun = Date.now();
  child.kill('SIGINT');
  while (said() === '') await sleep(20);
  assert.equal(said(), stopping);
  assert.ok(Date.now() - begun < 2_000, 'it says at once that it stops');
  await once(child, 'close');
  assert.ok(Date.now() - begun < 6_000, `it took ${Date.now() - begun} ms`);
  await assertSilent(join(folder, 'beat'));
  assert.deepEqual(['second', 'install.lock'].map(has), [false, false]);
});

test('what has left the group of its command, and holds its output, does not make Ctrl-C wait for ever', async (t) => {
  const leave = `require('node:child_process').spawn('sleep', ['12'], { stdio: 'inherit', detached: true }).unref()`;
  const { child, said } = await startInstallation(t, `"${process.execPath}" -e "${leave}"; touch begun; sleep 30`);
  const begun = Date.now();
  child.kill('SIGINT');
  await once(child, 'close');
  assert.equal(said(), stopping + interrupted);
  assert.ok(Date.now() - begun < 7_000, `it took ${Date.now() - begun} ms`);
});

test('one Ctrl-C that arrives twice is one; a second one ends at once, and the command with it', async (t) => {
  const { folder, child, said } = await startInstallation(t, deaf);
  child.kill('SIGINT');
  await sleep(100);
  child.kill('SIGINT');
  await sleep(700);
  assert.equal(child.exitCode, null);
  child.kill('SIGINT');
  const [code] = await once(child, 'close');
  assert.deepEqual([code, said()], [130, stopping]);
  await assertSilent(join(folder, 'beat'));
});

test('an installation that is killed leaves no command behind that writes into the next one', async (t) => {
  const { folder, child } = await startInstallation(t, deaf);
  child.kill('SIGKILL');
  await once(child, 'close');
  await assertSilent(join(folder, 'beat'));
});
