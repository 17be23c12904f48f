import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { bundlesOf, isWhole, removeEarlier, seal } from './bundles.mjs';

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
  const others = ['agents/judge/main.mjs', 'agents/judge/src/rubric.json', 'services/archive/package.json'];
  for (const name of [...changes, ...others, 'package-lock.json']) {
    write(name, 'changed');
    seen.add(bundlesOf(path));
  }
  assert.equal(seen.size, 8);
});

test('a test that is written, or a prompt that is read at run time, costs no bundling', (t) => {
  const { path, write } = makeRepository(t);
  const before = bundlesOf(path);
  write('shared/bus/src/one.test.ts', 'test');
  write('agents/judge/prompts/judge.md', 'prompt');
  write('agents/judge/node_modules/zod/index.js', 'installed');
  write('gpu-runner/trainer/settings.json', 'of the trainer');
  assert.equal(bundlesOf(path), before);
});

test('a repository that was copied, or moved, does not run the bundles that name files of the other', (t) => {
  const { path } = makeRepository(t);
  const copy = `${path}-copy`;
  t.after(() => rmSync(copy, { recursive: true, force: true }));
  cpSync(path, copy, { recursive: true });
  assert.notEqual(bundlesOf(copy), bundlesOf(path));
});

function makeFolder(t, files) {
  const path = mkdtempSync(join(tmpdir(), 'asi-bundles-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return path;
}

test('a bundle that was cut off, half removed or never finished is not run', (t) => {
  const files = { 'services/lab/main.mjs': 'program', 'shared/part.mjs': 'part' };
  const damages = [
    (path) => writeFileSync(join(path, 'shared/part.mjs'), 'par'),
    (path) => rmSync(join(path, 'services/lab/main.mjs')),
    (path) => rmSync(join(path, 'stamps'), { recursive: true }),
  ];
  for (const damage of damages) {
    const path = makeFolder(t, files);
    assert.equal(isWhole(path), false);
    seal(path);
    assert.equal(isWhole(path), true);
    damage(path);
    assert.equal(isWhole(path), false);
  }
  assert.equal(isWhole(join(tmpdir(), 'asi-no-such-bundle')), false);
});

test('the bundle of a laboratory that runs is never removed under it, however often its sources change meanwhile', (t) => {
  const folder = makeFolder(t, Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [`${name}/main.mjs`, name])));
  const path = (name) => join(folder, name);
  for (const [age, name] of ['e', 'd', 'c', 'b', 'a'].entries()) utimesSync(path(name), 1000 - age, 1000 - age);
  removeEarlier(folder, path('e'), null);
  assert.deepEqual(readdirSync(folder), ['a', 'b', 'c', 'd', 'e']);
  removeEarlier(folder, path('e'), `node\0${path('a')}/agents/judge/src/main.mjs`);
  assert.deepEqual(readdirSync(folder), ['a', 'c', 'd', 'e']);
  removeEarlier(folder, path('e'), '');
  assert.deepEqual(readdirSync(folder), ['c', 'd', 'e']);
});
