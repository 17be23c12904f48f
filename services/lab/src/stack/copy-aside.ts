import { accessSync, constants, existsSync, lstatSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAsiError, terminal } from '@asi/contracts';
import type { StateFolder } from './state-folder.ts';

/** A copy of what the servers of a state folder keep, for a folder that they cannot be started on. */
export type DataAside = {
  /** Home for the embedded servers. */
  readonly data: string;
  remove(): void;
};

const largestBytes = 2 * 1024 ** 3;
// The servers refuse to start below their own reserve of free space.
const spareBytes = 256 * 1024 ** 2;

/** Whether the servers can be started on a state folder: they write when they start, even to answer a question. */
export function isWritable({ path, run, data }: Pick<StateFolder, 'path' | 'run' | 'data'>): boolean {
  try {
    for (const each of [path, run, data]) accessSync(each, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Copies the data of a state folder into a temporary one, which `remove`, or the end of this process, deletes.
 * @param say is told once what is done
 * @throws terminal `state-folder` when there is nothing to copy, it is too large, or it cannot be read
 */
export async function copyAside(folder: StateFolder, say: (line: string) => void): Promise<DataAside> {
  const instead = 'copy the folder to where it can be written and set ASI_HOME to the copy';
  if (!existsSync(folder.data))
    throw terminal(
      'state-folder',
      `${folder.path} cannot be written and holds no campaign; set ASI_HOME to another folder`,
    );
  let home: string | null = null;
  const remove = () => {
    process.off('exit', remove);
    if (home !== null) rmSync(home, { recursive: true, force: true });
  };
  try {
    const bytes = sizeOf(folder.data);
    const { bavail, bsize } = statfsSync(tmpdir());
    const room = Math.min(largestBytes, bavail * bsize - spareBytes);
    if (bytes > room)
      throw terminal(
        'state-folder',
        `${folder.path} cannot be written, and its data (${megabytes(bytes)}) is more than may be copied to ${tmpdir()} to read it (${megabytes(Math.max(0, room))}); ${instead}, or TMPDIR to a larger disk`,
      );
    home = mkdtempSync(join(tmpdir(), 'asi-reading-'));
    process.once('exit', remove);
    say(
      `${folder.path} cannot be written: reading a copy of its data (${megabytes(bytes)}) that is removed afterwards`,
    );
    const data = join(home, 'data');
    await cp(folder.data, data, { recursive: true });
    return { data, remove };
  } catch (error) {
    remove();
    if (isAsiError(error)) throw error;
    throw terminal(
      'state-folder',
      `${folder.path} cannot be written, and copying its data to ${tmpdir()} to read it failed (${error instanceof Error ? error.message : String(error)}); ${instead}`,
    );
  }
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1024 ** 2)} MiB`;

/** Bytes of all files below a folder. */
const sizeOf = (folder: string): number =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce((sum, name) => {
    const found = lstatSync(join(folder, name));
    return sum + (found.isFile() ? found.size : 0);
  }, 0);
