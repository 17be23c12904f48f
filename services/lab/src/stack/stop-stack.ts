import { terminal } from '@asi/contracts';
import { waitUntilGone } from './process-identity.ts';
import { killLeftBehind } from './stack-file.ts';
import { acquireStackLock, lockHolder } from './stack-lock.ts';
import type { StateFolder } from './state-folder.ts';

// A stack stops within 10 s by itself; what is left is for a machine under load.
const stopLimitMilliseconds = 12_000;

/**
 * Stops the stack that another process runs on this state folder, and waits until it is gone.
 * @returns `not-running` when there was none; `killed` when it had to be ended by force
 * @throws terminal `stack-stuck` when it cannot be ended
 */
export async function stopStack(folder: StateFolder): Promise<'stopped' | 'killed' | 'not-running'> {
  const holder = lockHolder(folder);
  if (holder?.purpose !== 'stack') return 'not-running';
  try {
    process.kill(holder.pid, 'SIGTERM');
  } catch {
    // Gone already, or another user's: the wait tells which.
  }
  if (await waitUntilGone(holder, stopLimitMilliseconds)) return 'stopped';
  try {
    // Not its group: that may hold the shell script that started it.
    process.kill(holder.pid, 'SIGKILL');
  } catch {
    // As above.
  }
  if (!(await waitUntilGone(holder, 2_000))) {
    throw terminal('stack-stuck', `process ${holder.pid} does not end; end it as the user who started it`);
  }
  const lock = await acquireStackLock(folder, 'stack');
  await killLeftBehind(folder);
  lock.release();
  return 'killed';
}
