import { closeSync, openSync, readSync } from 'node:fs';
import { type CampaignSettings, terminal } from '@asi/contracts';
import { parseCampaignFile } from './parse-campaign-file.ts';

// Every key written out takes 3 kB. Also keeps a device or a pipe that never ends from being read for ever.
const largestBytes = 64 * 1024;

/**
 * Reads a campaign file from disk.
 * @throws terminal `campaign-file` when it cannot be read or is not valid, with one line for each problem
 */
export function readCampaignFile(path: string): CampaignSettings {
  return parseCampaignFile(textOf(path, bytesOf(path)), path);
}

function bytesOf(path: string): Buffer {
  const buffer = Buffer.alloc(largestBytes + 1);
  let length = 0;
  try {
    const file = openSync(path, 'r');
    try {
      for (let read = -1; read !== 0 && length < buffer.length; length += read)
        read = readSync(file, buffer, length, buffer.length - length, null);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw terminal(
      'campaign-file',
      `${path}: ${reasonOf(error)}; give the path of a campaign file (see docs/campaign-file.md)`,
    );
  }
  if (length > largestBytes)
    throw terminal(
      'campaign-file',
      `${path}: larger than ${largestBytes / 1024} kB, so it is no campaign file; a few keys suffice (see docs/campaign-file.md)`,
    );
  return buffer.subarray(0, length);
}

function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'this is a folder';
  if (code === 'EACCES') return 'you may not read this file';
  return `it cannot be read (${error instanceof Error ? error.message : String(error)})`;
}

/** @throws terminal `campaign-file` naming the first line that is not UTF-8 */
function textOf(path: string, bytes: Buffer): string {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    return decoder.decode(bytes);
  } catch {
    let line = 1;
    for (let start = 0; start < bytes.length; line++) {
      const end = bytes.indexOf(0x0a, start);
      const next = end === -1 ? bytes.length : end + 1;
      try {
        decoder.decode(bytes.subarray(start, next));
      } catch {
        break;
      }
      start = next;
    }
    throw terminal('campaign-file', `${path}:${line}: not UTF-8 text; save the file as UTF-8`);
  }
}
