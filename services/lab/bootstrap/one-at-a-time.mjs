import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { toolchain } from './paths.mjs';

/**
 * Runs `work` while no other process does so on the same toolchain folder; `npm start` and `npm test` of one clone may
 * be started at once. A lock whose process is gone is taken over.
 */
export async function oneAtATime(work, folder = toolchain) {
  mkdirSync(folder, { recursive: true });
  const lock = join(folder, 'install.lock');
  for (let told = false; !tryLock(lock); told = true) {
    if (!told) process.stdout.write('- Waiting for another installation in this folder to finish\n');
    await sleep(300);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function tryLock(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!isAlive(ownerOf(lock))) rmSync(lock, { force: true });
    return false;
  }
}

function ownerOf(lock) {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch {
    return 0;
  }
}

function isAlive(pid) {
  // An empty file belongs to a process that is about to write its id, or was killed just then; the next look tells.
  if (!pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
