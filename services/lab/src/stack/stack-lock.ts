import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { retryable, terminal } from '@asi/contracts';
import { z } from 'zod';
import { isDiskFull } from './disk-full.ts';
import { readJsonFile } from './json-file.ts';
import { identify, isAlive } from './process-identity.ts';
import { readStack } from './stack-file.ts';
import type { StateFolder } from './state-folder.ts';

/** Why a process holds the state folder: it runs the stack, or reads for a moment while the stack is stopped. */
export type LockPurpose = 'stack' | 'reading';

const holderSchema = z.object({
  pid: z.number().int(),
  startTime: z.string(),
  purpose: z.enum(['stack', 'reading']),
});
export type LockHolder = z.infer<typeof holderSchema>;

export interface StackLock {
  /** True when the process that held it before ended without releasing it. */
  readonly takenOver: boolean;
  release(): void;
}

/** The file that exists as long as a process holds the state folder. */
export const lockPath = (folder: StateFolder): string => join(folder.run, 'lab.lock');
const readingWaitMilliseconds = 15_000;

/** The process that holds the state folder now; null when nobody does. */
export const lockHolder = (folder: StateFolder): LockHolder | null => holderOf(folder, lockPath(folder));

/** A lock that cannot be read is nobody's, unless a stack says that it runs there: whoever took its lock would end it. */
function holderOf(folder: StateFolder, path: string): LockHolder | null {
  if (!existsSync(path)) return null;
  const holder = readJsonFile(path, holderSchema);
  if (holder) return isAlive(holder) ? holder : null;
  const stack = readStack(folder);
  return stack && { pid: stack.pid, startTime: stack.startTime, purpose: 'stack' };
}

/**
 * Makes this process the only one that works on a state folder. A lock left by a process that is gone is taken over;
 * one held for a reading is waited for.
 * @throws terminal `stack-running` when another process runs the stack there
 * @throws retryable `stack-busy` when a reading does not end
 */
export async function acquireStackLock(folder: StateFolder, purpose: LockPurpose): Promise<StackLock> {
  let takenOver = false;
  for (let waited = 0; ; ) {
    if (createLock(folder, purpose)) {
      return { takenOver, release: () => releaseLock(folder) };
    }
    const holder = lockHolder(folder);
    if (holder?.purpose === 'stack') {
      throw terminal(
        'stack-running',
        `the stack already runs in ${folder.path} (process ${holder.pid}); watch it with asi watch, stop it with asi down, or set another ASI_HOME`,
      );
    }
    if (!holder) {
      takenOver = removeStaleLock(folder) || takenOver;
      continue;
    }
    if (waited >= readingWaitMilliseconds) {
      throw retryable(
        'stack-busy',
        `process ${holder.pid} is reading ${folder.path} and does not finish: try again later, or end it first (kill -9 ${holder.pid})`,
      );
    }
    await sleep(100);
    waited += 100;
  }
}

/** A lock appears complete or not at all: link(2) fails when the name is taken. */
function createLock(folder: StateFolder, purpose: LockPurpose): boolean {
  const self = identify(process.pid);
  const draft = `${lockPath(folder)}.${process.pid}`;
  try {
    writeFileSync(draft, JSON.stringify({ ...self, purpose }));
    linkSync(draft, lockPath(folder));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    if (isDiskFull(error)) throw error;
    throw terminal(
      'state-folder',
      `the lock in ${folder.run} cannot be made (${String(error)}); set ASI_HOME to a local, writable folder`,
    );
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Moves the stale lock away first: of several processes that saw it, only one moves it. */
function removeStaleLock(folder: StateFolder): boolean {
  const moved = `${lockPath(folder)}.stale.${process.pid}`;
  try {
    renameSync(lockPath(folder), moved);
  } catch {
    return false;
  }
  const wasStale = holderOf(folder, moved) === null;
  if (!wasStale) {
    // Another process took over between our look and our move: give it its lock back.
    try {
      linkSync(moved, lockPath(folder));
    } catch {
      // A third one is holding it already.
    }
  }
  rmSync(moved, { force: true });
  return wasStale;
}

function releaseLock(folder: StateFolder): void {
  try {
    const holder = holderSchema.parse(JSON.parse(readFileSync(lockPath(folder), 'utf8')));
    if (holder.pid === process.pid) rmSync(lockPath(folder), { force: true });
  } catch {
    // Not ours, or gone with its folder.
  }
}
