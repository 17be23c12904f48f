import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readSupervised } from './read-supervised.ts';

test('where lab does not run the processes, or has just stopped, nothing is claimed of restarts', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asi-supervised-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'stack.json');
  expect(await readSupervised(null)).toBeNull();
  expect(await readSupervised(file)).toBeNull();
  const known = { name: 'judge', state: 'running', since: 'now', restarts: 4, lastError: null, url: null };
  writeFileSync(file, JSON.stringify({ pid: 1, processes: [{ ...known, pid: 2, retryAt: null }] }));
  expect(await readSupervised(file)).toEqual([known]);
});
