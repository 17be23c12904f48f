import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { bundlesOf } from './bundles.mjs';

function makeRepository(t) {
  const path = mkdtempSync(join(tmpdir(), 'asi-bundles-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  const write = (name, text) => {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  };
  for (const name of ['agents/judge', 'services/archive', 'shared/bus', 'gpu-runner']) {
    write(`${name}/package.json`, '{}');
    write(`${name}/src/deep/one.ts`, 'export const one = 1;');
  }
  write('package-lock.json', '{}');
  return { path, write };
}

test('whatever can change a program changes where its bundle is looked for: no start runs code that is no more', (t) => {
  const { path, write } = makeRepository(t);
  const seen = new Set([bundlesOf(path)]);
  const changes = ['agents/judge/src/deep/one.ts', 'shared/bus/src/new.ts', 'gpu-runner/src/deep/one.ts'];
  for (const name of [...changes, 'services/archive/package.json', 'package-lock.json']) {
    write(name, 'changed');
    seen.add(bundlesOf(path));
  }
  assert.equal(seen.size, 6);
});

test('a test that is written, or a prompt that is read at run time, costs no bundling', (t) => {
  const { path, write } = makeRepository(t);
  const before = bundlesOf(path);
  write('shared/bus/src/one.test.ts', 'test');
  write('agents/judge/prompts/judge.md', 'prompt');
  assert.equal(bundlesOf(path), before);
});

test('a repository that was copied, or moved, does not run the bundles that name files of the other', (t) => {
  const { path } = makeRepository(t);
  const copy = `${path}-copy`;
  t.after(() => rmSync(copy, { recursive: true, force: true }));
  cpSync(path, copy, { recursive: true });
  assert.notEqual(bundlesOf(copy), bundlesOf(path));
});
