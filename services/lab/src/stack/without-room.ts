import { statfs } from 'node:fs/promises';
import { type AsiError, isAsiError, terminal } from '@asi/contracts';
import type { StateFolder } from './state-folder.ts';

/** With less the embedded servers stop and do not start again; their own default (--min-free-mib). */
const neededMebibytes = 128;
const unreachable: ReadonlySet<string> = new Set(['database-unreachable', 'broker-unreachable']);

/**
 * Why servers that should run do not answer, where that is for want of room; null when there is room, or the error says
 * something else. On a disk that is wholly full not even the stack file can be written that would tell it.
 */
export async function withoutRoom(error: unknown, folder: StateFolder): Promise<AsiError | null> {
  if (!isAsiError(error) || !unreachable.has(error.code)) return null;
  const { bavail, bsize } = await statfs(folder.data);
  const free = Math.floor((bavail * bsize) / 2 ** 20);
  if (free >= neededMebibytes) return null;
  return terminal(
    'no-space',
    `the servers of the stack have stopped: only ${free} MiB are free where ${folder.data} lies and ${neededMebibytes} MiB are needed; free some space, and the stack goes on by itself`,
    { cause: error },
  );
}
