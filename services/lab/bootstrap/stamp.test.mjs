import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isStamped, keyOf, stamp, unstamp } from './stamp.mjs';

function folderWith(files) {
  const folder = mkdtempSync(join(tmpdir(), 'asi-stamp-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

test('a step is done again when a file, a file name, a version or the set of files changes, and only then', (t) => {
  const files = { 'a/go.mod': 'module a', 'a/main.go': 'package main' };
  const folder = folderWith(files);
  const elsewhere = folderWith(files);
  t.after(() => {
    for (const path of [folder, elsewhere]) rmSync(path, { recursive: true });
  });
  const key = (base = folder, words = ['1']) => keyOf(base, [join(base, 'a')], words);
  const first = key();
  assert.equal(key(elsewhere), first, 'the place of the repository does not matter');
  assert.notEqual(key(folder, ['2']), first);

  writeFileSync(join(folder, 'a/main.go'), 'package main // changed');
  const changed = key();
  assert.notEqual(changed, first);
  writeFileSync(join(folder, 'a/main.go'), files['a/main.go']);
  assert.equal(key(), first);
  writeFileSync(join(folder, 'a/other.go'), '');
  assert.notEqual(key(), first);
  rmSync(join(folder, 'a/other.go'));
  rmSync(join(folder, 'a/main.go'));
  writeFileSync(join(folder, 'a/main_.go'), files['a/main.go']);
  assert.notEqual(key(), first);
});

test('a step counts as done only with the key it was done for', (t) => {
  const folder = folderWith({});
  t.after(() => rmSync(folder, { recursive: true }));
  assert.equal(isStamped('python', 'k1', folder), false);
  stamp('python', 'k1', folder);
  assert.equal(isStamped('python', 'k1', folder), true);
  assert.equal(isStamped('python', 'k2', folder), false);
  assert.equal(isStamped('node', 'k1', folder), false);
});

test('a step that is done anew does not count as done when it is interrupted', (t) => {
  const folder = folderWith({});
  t.after(() => rmSync(folder, { recursive: true }));
  unstamp('python', folder);
  stamp('python', 'k1', folder);
  unstamp('python', folder);
  assert.equal(isStamped('python', 'k1', folder), false);
});
