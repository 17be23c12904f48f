import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** What stands in the way of reading a file that a person named: its kind or its size; null when nothing does. */
export type Obstacle = 'folder' | 'no-file' | 'too-large';

/**
 * The bytes of a regular file of at most `largest` bytes. A pipe that nobody writes to, or a device that never ends, is
 * refused without being read; so is what is larger.
 * @throws the file system's error
 */
export function readLimited(
  path: string,
  largest: number,
): { readonly bytes: Buffer } | { readonly obstacle: Obstacle } {
  // Without O_NONBLOCK, opening a pipe waits for its writer.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const about = fstatSync(file);
    if (about.isDirectory()) return { obstacle: 'folder' };
    if (!about.isFile()) return { obstacle: 'no-file' };
    if (about.size > largest) return { obstacle: 'too-large' };
    // Some files tell no size (/proc), and any may grow meanwhile.
    const buffer = Buffer.alloc(largest + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read)
      read = readSync(file, buffer, length, buffer.length - length, null);
    return length > largest ? { obstacle: 'too-large' } : { bytes: buffer.subarray(0, length) };
  } finally {
    closeSync(file);
  }
}
