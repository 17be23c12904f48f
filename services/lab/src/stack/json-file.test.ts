import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { readJsonFile, writeJsonFile } from './json-file.ts';
import { temporaryFolder } from './testing/temporary-home.ts';

const schema = z.object({ natsUrl: z.string() });

test('what a stack says of itself is read by no other user of the machine: addresses can hold passwords', () => {
  const path = join(temporaryFolder(), 'stack.json');
  writeFileSync(path, '{}', { mode: 0o644 });
  writeJsonFile(path, { natsUrl: 'nats://me:secret@broker:4222' });
  expect((statSync(path).mode & 0o777).toString(8)).toBe('600');
  expect(readJsonFile(path, schema)).toEqual({ natsUrl: 'nats://me:secret@broker:4222' });
});

test('a file that is missing, broken or of another shape reads as none', () => {
  const path = join(temporaryFolder(), 'stack.json');
  expect(readJsonFile(path, schema)).toBeNull();
  for (const text of ['{"natsUrl": ', '{"natsUrl": 4222}']) {
    writeFileSync(path, text);
    expect(readJsonFile(path, schema)).toBeNull();
  }
});
