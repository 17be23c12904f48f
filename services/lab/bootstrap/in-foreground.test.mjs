import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

const inForegroundUrl = JSON.stringify(new URL('./in-foreground.mjs', import.meta.url).href);

/** A program that is run in the foreground by a process of its own. */
function runStub(t, stub) {
  const folder = mkdtempSync(join(tmpdir(), 'asi-foreground-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'stub.mjs'), `import { writeFileSync } from 'node:fs';\n${stub}`);
  const wrapper = `const { inForeground } = await import(${inForegroundUrl});
    process.exitCode = await inForeground(process.execPath, ['stub.mjs']);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', wrapper], {
    cwd: folder,
    env: { ...process.env, ASI_TOOLCHAIN: folder },
  });
  t.after(() => child.kill('SIGKILL'));
  return { child, has: (name) => existsSync(join(folder, name)) };
}

async function within(seconds, isSo, what) {
  for (let waited = 0; waited < seconds * 1000 && !isSo(); waited += 20) await sleep(20);
  assert.ok(isSo(), what);
}

test('a laboratory whose npm start is killed hears of it, and does not run on unseen', async (t) => {
  const { child, has } = runStub(
    t,
    `setTimeout(() => process.exit(1), 15_000);
     process.once('disconnect', () => { writeFileSync('ended', ''); process.exit(0); });
     writeFileSync('begun', '');`,
  );
  await within(10, () => has('begun'), 'it has begun');
  child.kill('SIGKILL');
  await within(10, () => has('ended'), 'it has ended');
});

test('a laboratory whose npm is killed is stopped, though the shell between them lives on', {
  skip: process.platform !== 'linux',
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'asi-npm-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(
    join(folder, 'stub.mjs'),
    `import { writeFileSync } from 'node:fs';
     setTimeout(() => process.exit(1), 15_000);
     process.once('SIGTERM', () => { writeFileSync('ended', ''); process.exit(0); });
     writeFileSync('begun', '');`,
  );
  writeFileSync(
    join(folder, 'start.mjs'),
    `const { inForeground } = await import(${inForegroundUrl});
     process.exitCode = await inForeground(process.execPath, ['stub.mjs']);`,
  );
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ scripts: { start: 'node start.mjs' } }));
  const npm = spawn('npm', ['start'], { cwd: folder, stdio: 'ignore', env: { ...process.env, ASI_TOOLCHAIN: folder } });
  t.after(() => npm.kill('SIGKILL'));
  const has = (name) => existsSync(join(folder, name));
  await within(20, () => has('begun'), 'it has begun');
  npm.kill('SIGKILL');
  await within(10, () => has('ended'), 'it has ended');
});

test('the exit code of the laboratory, and of a signal that ended it, is that of npm start', async (t) => {
  const codeOf = ({ child }) => new Promise((resolve) => child.once('exit', resolve));
  assert.equal(await codeOf(runStub(t, 'process.exit(4);')), 4);
  assert.equal(await codeOf(runStub(t, `process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000);`)), 137);
});
