import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from './make-folder.ts';
import { temporaryFolder } from './testing/temporary-home.ts';

test('a folder is made with those above it, and one that is there is left alone', () => {
  const folder = join(temporaryFolder(), 'a', 'b', 'c');
  makeFolder(folder);
  makeFolder(folder);
  expect(existsSync(folder)).toBe(true);
});

test.runIf(process.platform === 'linux')('a folder that cannot be is refused, and not tried for ever', () => {
  expect(() => makeFolder('/proc/nowhere/below')).toThrow(/ENOENT|EPERM|EACCES/);
});
