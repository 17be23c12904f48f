import { type CampaignSettings, terminal } from '@asi/contracts';
import { readLimited } from '../read-limited.ts';
import { parseCampaignFile } from './parse-campaign-file.ts';

// Every key written out takes 3 kB.
const largestBytes = 64 * 1024;

/**
 * Reads a campaign file from disk.
 * @throws terminal `campaign-file` when it cannot be read or is not valid, with one line for each problem
 */
export function readCampaignFile(path: string): CampaignSettings {
  return parseCampaignFile(textOf(path, bytesOf(path)), path);
}

function bytesOf(path: string): Buffer {
  const wrong = (why: string, advice = 'give the path of a campaign file') =>
    terminal('campaign-file', `${path}: ${why}; ${advice} (see docs/campaign-file.md)`);
  let found: ReturnType<typeof readLimited>;
  try {
    found = readLimited(path, largestBytes);
  } catch (error) {
    throw wrong(reasonOf(error));
  }
  if ('bytes' in found) return found.bytes;
  switch (found.obstacle) {
    case 'folder':
      throw wrong('this is a folder');
    case 'no-file':
      throw wrong('this is no file but a pipe, a socket or a device');
    case 'too-large':
      throw wrong(`larger than ${largestBytes / 1024} kB, so it is no campaign file`, 'a few keys suffice');
  }
}

function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file';
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
