import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { killAll, markVariable } from './end-processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'asi-end-processes-'));
const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const start = (name: string, script: string, environment: Record<string, string>) => {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o700);
  const child = spawn(file, [], { detached: true, stdio: 'ignore', env: environment });
  started.push(child);
  return { child, ended: new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal))) };
};

/** How often: in the middle of an exec one in twenty looks finds no mark. */
const rounds = 60;

it.skipIf(process.platform !== 'linux')('kills one that escapes the look by an exec without end', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const mark = `${folder.slice(-6)}/restless-${round}`;
    const { ended } = start('restless', 'exec "$0"', { [markVariable]: mark });
    await killAll(null, mark);
    expect(await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 1_000, 'lives'))])).toBe('SIGKILL');
  }
});

it('leaves another job alone, also one whose name begins alike', async () => {
  const mark = `${folder.slice(-6)}/job-1`;
  const other = start('other', 'sleep 60', { [markVariable]: `${mark}0`, PATH: '/usr/bin:/bin' });
  const own = start('own', 'sleep 60', { [markVariable]: mark, PATH: '/usr/bin:/bin' });
  await killAll(null, mark);
  expect(await own.ended).toBe('SIGKILL');
  expect(other.child.exitCode ?? other.child.signalCode).toBeNull();
  await killAll(null, `${folder.slice(-6)}/`);
  expect(await other.ended).toBe('SIGKILL');
});
