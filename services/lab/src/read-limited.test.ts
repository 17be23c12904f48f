import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readLimited } from './read-limited.ts';

const folder = mkdtempSync(join(tmpdir(), 'asi-read-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a file is read up to the limit, and refused beyond it', () => {
  const path = join(folder, 'ten');
  writeFileSync(path, '0123456789');
  expect(readLimited(path, 10)).toEqual({ bytes: Buffer.from('0123456789') });
  expect(readLimited(path, 9)).toEqual({ obstacle: 'too-large' });
});

test('a pipe that nobody writes to is refused at once instead of waited for', () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  expect(readLimited(pipe, 10)).toEqual({ obstacle: 'no-file' });
});

test('a device that never ends is refused without being read, also behind a link', () => {
  const link = join(folder, 'zero');
  symlinkSync('/dev/zero', link);
  expect(readLimited(link, 10)).toEqual({ obstacle: 'no-file' });
});

test.skipIf(process.platform !== 'linux')('a file that tells no size is read no further than the limit', () => {
  expect(readLimited('/proc/self/status', 10)).toEqual({ obstacle: 'too-large' });
});

test('a folder is told from a file, and what is not there throws', () => {
  expect(readLimited(folder, 10)).toEqual({ obstacle: 'folder' });
  expect(() => readLimited(join(folder, 'nothing'), 10)).toThrow('ENOENT');
});
