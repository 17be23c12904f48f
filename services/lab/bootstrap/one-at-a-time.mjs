import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { interruptSignal } from './interruption.mjs';
import { toolchain } from './paths.mjs';

/**
 * Runs `work` while no other process does so on the same toolchain folder; `npm start` and `npm test` of one clone may
 * be started at once. A lock whose process is gone is taken over.
 */
export async function oneAtATime(work, folder = toolchain) {
  mkdirSync(folder, { recursive: true });
  const lock = join(folder, 'install.lock');
  let told = false;
  for (let outcome = tryLock(lock); outcome !== 'mine'; outcome = tryLock(lock)) {
    // A lock that an interrupted installation left behind is nobody to wait for.
    if (outcome === 'stale') continue;
    if (!told) process.stdout.write('- Waiting for another installation in this folder to finish\n');
    told = true;
    await sleep(300);
    interruptSignal().throwIfAborted();
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

const checkMilliseconds = 2_000;

/**
 * True when another process installs in this folder. One that only checks what is there has done so in a moment, which
 * is waited for.
 */
export async function isInstalling(folder = toolchain) {
  const lock = join(folder, 'install.lock');
  for (let waited = 0; isAlive(ownerOf(lock)); waited += 100) {
    if (waited >= checkMilliseconds) return true;
    await sleep(100);
  }
  return false;
}

/** A lock appears complete or not at all: link(2) fails when the name is taken. */
function tryLock(lock) {
  const draft = `${lock}.${process.pid}`;
  writeFileSync(draft, String(process.pid));
  try {
    linkSync(draft, lock);
    return 'mine';
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (isAlive(ownerOf(lock))) return 'taken';
    removeStale(lock);
    return 'stale';
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Moves the lock away before it is judged again: between the look and the move another process may have taken over. */
function removeStale(lock) {
  const moved = `${lock}.stale.${process.pid}`;
  try {
    renameSync(lock, moved);
    if (isAlive(ownerOf(moved))) linkSync(moved, lock);
  } catch {
    // Another process was faster.
  }
  rmSync(moved, { force: true });
}

function ownerOf(lock) {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch {
    return 0;
  }
}

function isAlive(pid) {
  if (!pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
