import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Makes the names in a folder survive a power cut. */
export const syncFolder = (folder: string): void => {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
};

/**
 * Writes a new file and makes it survive a power cut. Without a rename, which would cost a second commit of the file system: a crash may
 * leave the file incomplete, and its reader must take that for absent.
 */
export const writeNew = (path: string, text: string): void => {
  const descriptor = openSync(path, 'w', 0o600);
  try {
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  syncFolder(dirname(path));
  syncFolder(dirname(dirname(path)));
};

/** Replaces a file as a whole: a reader, or a crash, finds the old text or the new one. With `durable` it also survives a power cut. */
export const writeWhole = (path: string, text: string, durable: boolean): void => {
  const temporary = `${path}.new`;
  const descriptor = openSync(temporary, 'w', 0o600);
  try {
    writeFileSync(descriptor, text);
    if (durable) fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, path);
  if (durable) syncFolder(dirname(path));
};
