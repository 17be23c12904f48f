import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withProgress } from './progress.mjs';

function recorder(isTTY) {
  const written = [];
  return { isTTY, columns: 80, write: (text) => void written.push(text), text: () => written.join('') };
}

test('without a terminal there are plain lines only', async () => {
  const out = recorder(false);
  const result = await withProgress('Installing PyTorch', 'a minute', async ({ tell }) => tell('a note') ?? 7, {
    out,
    now: () => 0,
  });
  assert.equal(result, 7);
  assert.equal(out.text(), '- Installing PyTorch (takes a minute)\n  a note\n✓ Installing PyTorch (0 s)\n');
});

test('a failed step is marked and its error is passed on', async () => {
  const out = recorder(false);
  const failing = withProgress('Building', 'a minute', () => Promise.reject(new Error('x')), { out, now: () => 0 });
  await assert.rejects(failing, /x/);
  assert.match(out.text(), /✗ Building/);
});

test('on a terminal a line longer than it is cut, so that it can be written over', async () => {
  const out = recorder(true);
  const work = async ({ say }) => {
    say('y'.repeat(500));
    await new Promise((resolve) => setTimeout(resolve, 250));
  };
  await withProgress('Building', 'a minute', work, { out });
  const lines = out
    .text()
    .split('\r\x1b[K')
    .filter((line) => line.includes('yyy'));
  assert.ok(lines.length > 0);
  assert.ok(lines.every((line) => line.length < 80));
});
