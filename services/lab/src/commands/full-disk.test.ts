import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@asi/contracts';
import { expect, onTestFinished, test } from 'vitest';
import { startStack } from '../stack/start-stack.ts';
import { makeHouse } from '../stack/testing/small-house.ts';
import { temporaryFolder } from '../stack/testing/temporary-home.ts';
import { waitUntil } from '../stack/testing/wait-until.ts';
import { captureCli } from '../testing/captured-context.ts';
import { tellTroubles } from '../view/tell-troubles.ts';

/** A small disk of its own, or null where this user may not mount one. */
function smallDisk(mebibytes: number): string | null {
  const folder = join(temporaryFolder(), 'disk');
  mkdirSync(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return null;
  }
  onTestFinished(() => void execFileSync('umount', ['-l', folder]));
  return folder;
}

/** Leaves this many MiB free; returns what frees them again. */
async function fill(disk: string, leave: number): Promise<() => void> {
  const { bavail, bsize } = await statfs(disk);
  const path = join(disk, 'filler');
  writeFileSync(path, Buffer.alloc(Math.max(0, bavail * bsize - leave * 1024 * 1024)));
  return () => rmSync(path);
}

const lines = (text: string) => text.trim().split('\n');

test('on a disk with too little room, or none, every command says one line with what to do', async ({ skip }) => {
  const disk = smallDisk(40);
  if (!disk) return skip('this user may not mount a small disk');
  const env = { ...process.env, ASI_HOME: join(disk, 'home') };
  for (const args of [['up'], ['up', '--detach']]) {
    const { code, out, error } = await captureCli(args, env);
    expect({ code, out }, args.join(' ')).toEqual({ code: 3, out: '' });
    expect(lines(error)).toEqual([expect.stringMatching(/^asi: only \d+ MiB are free where .* free some space/)]);
  }
  await fill(disk, 0);
  for (const args of [['up'], ['up', '--detach'], ['status']]) {
    const { code, out, error } = await captureCli(args, env);
    expect({ code, out }, args.join(' ')).toEqual({ code: 3, out: '' });
    expect(lines(error)).toEqual([expect.stringContaining('no disk space is left where the state folder lies')]);
  }
});

test('a disk that fills while the stack runs is told once, and when there is room again all goes on', async ({
  skip,
}) => {
  const disk = smallDisk(220);
  if (!disk) return skip('this user may not mount a small disk');
  const env = { ...process.env, ASI_HOME: join(disk, 'home') };
  const said: string[] = [];
  const output = {
    write: () => undefined,

    isTerminal: false,
    columns: () => 80,
    rows: () => 24,
  };
  const error = { ...output, write: (text: string) => said.push(text) };
  const interrupt = new AbortController().signal;
  const troubles = tellTroubles({ env, out: output, error, clock: systemClock, interrupt });
  const stack = await startStack({
    root: makeHouse([{ path: 'agents/judge', program: 'obedient' }]),
    env,
    onChange: troubles.look,
    backOff: { firstMilliseconds: 50, longestMilliseconds: 200, healthyAfterMilliseconds: 60_000 },
  });
  onTestFinished(() => stack.stop());
  await stack.ready();
  troubles.ready();
  const free = await fill(disk, 30);
  await waitUntil('the full disk is told', () => said.length > 0);
  await waitUntil('several tries', () =>
    stack.states().some(({ name, restarts }) => name === 'servers' && restarts > 2),
  );
  const status = await captureCli(['status'], env);
  expect(status).toMatchObject({ code: 3, error: expect.stringMatching(/servers cannot run: only \d+ MiB are free/) });
  free();
  await waitUntil('the stack runs again', () => said.join('').includes('runs again'));
  expect(lines(said.join(''))).toEqual([
    expect.stringMatching(/^asi: servers cannot run: only \d+ MiB are free .* started again until that is mended$/),
    'asi: every process runs again',
  ]);
});

test('what reads a running stack whose disk has no byte left says so, and not only that nobody answers', async ({
  skip,
}) => {
  const disk = smallDisk(220);
  if (!disk) return skip('this user may not mount a small disk');
  const env = { ...process.env, ASI_HOME: join(disk, 'home') };
  const stack = await startStack({
    root: makeHouse([{ path: 'agents/judge', program: 'obedient' }]),
    env,
    backOff: { firstMilliseconds: 50, longestMilliseconds: 200, healthyAfterMilliseconds: 60_000 },
  });
  onTestFinished(() => stack.stop());
  await stack.ready();
  await fill(disk, 0);
  await waitUntil('the servers are down', () =>
    stack.states().some(({ name, restarts }) => name === 'servers' && restarts > 2),
  );
  for (const command of ['leaderboard', 'status']) {
    const { code, error } = await captureCli([command], env);
    expect([code, lines(error)], command).toEqual([
      3,
      [expect.stringMatching(/only 0 MiB are free .* free some space/)],
    ]);
  }
});
