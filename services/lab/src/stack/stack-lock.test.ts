import { spawn } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { identify } from './process-identity.ts';
import { writeStack } from './stack-file.ts';
import { acquireStackLock, lockHolder } from './stack-lock.ts';
import { stateFolder } from './state-folder.ts';
import { temporaryFolder } from './testing/temporary-home.ts';

const leftLock = (lock: string) => {
  const folder = stateFolder({ ASI_HOME: temporaryFolder() });
  writeFileSync(join(folder.run, 'lab.lock'), lock);
  return folder;
};
const reusedPid = JSON.stringify({ pid: process.pid, startTime: 'long ago', purpose: 'stack' });

test.each([
  ['names a process id that another process has now', reusedPid],
  ['was cut off by a crash', '{"pid": 12'],
])('a lock that %s is taken over', async (_, content) => {
  const folder = leftLock(content);
  const lock = await acquireStackLock(folder, 'stack');
  expect(lock.takenOver).toBe(true);
  expect(lockHolder(folder)).toMatchObject({ pid: process.pid, purpose: 'stack' });
  lock.release();
  expect(readdirSync(folder.run)).toEqual([]);
});

test('of several processes that find a stale lock at once, exactly one gets it', async () => {
  const folder = leftLock(reusedPid);
  const script = `
    const { acquireStackLock } = await import(${JSON.stringify(join(import.meta.dirname, 'stack-lock.ts'))});
    const { stateFolder } = await import(${JSON.stringify(join(import.meta.dirname, 'state-folder.ts'))});
    await acquireStackLock(stateFolder(), 'stack').then(() => console.log('mine'), (error) => console.log(error.code));
    process.stdin.resume();`;
  const rivals = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', script], { env: { ...process.env, ASI_HOME: folder.path } }),
  );
  const first = await Promise.all(rivals.map(({ stdout }) => new Promise((resolve) => stdout.once('data', resolve))));
  expect(first.map((line) => String(line).trim()).sort()).toEqual(['mine', ...Array(3).fill('stack-running')]);
  for (const { stdin } of rivals) stdin.end();
  await Promise.all(rivals.map(({ stderr }) => text(stderr)));
});

test('a reading is waited for, a stack is not', async () => {
  const folder = stateFolder({ ASI_HOME: temporaryFolder() });
  const reading = await acquireStackLock(folder, 'reading');
  const waiting = acquireStackLock(folder, 'stack');
  expect(lockHolder(folder)).toMatchObject({ ...identify(process.pid), purpose: 'reading' });
  reading.release();
  await waiting;
  await expect(acquireStackLock(folder, 'reading')).rejects.toMatchObject({ code: 'stack-running' });
});

test('a state folder that cannot be made is named, with the way out', () => {
  const file = join(temporaryFolder(), 'a-file');
  writeFileSync(file, '');
  expect(() => stateFolder({ ASI_HOME: join(file, 'home') })).toThrow(/a-file.home cannot be made .*set ASI_HOME/);
});

test('a lock that was emptied under a running stack is not taken over: a mere reading would end it', async () => {
  const folder = leftLock('');
  const self = identify(process.pid);
  const servers = { natsUrl: 'nats://127.0.0.1:1', mongodbUrl: 'mongodb://127.0.0.1:2/', embedded: true };
  writeStack(folder, {
    ...{ pid: process.pid, startTime: self?.startTime ?? '', startedAt: '2026-01-01T00:00:00.000Z' },
    ...{ ...servers, runnerUrls: [], variables: [], processes: [] },
  });
  await expect(acquireStackLock(folder, 'reading')).rejects.toMatchObject({ code: 'stack-running' });
  expect(readdirSync(folder.run)).toContain('lab.lock');
});
