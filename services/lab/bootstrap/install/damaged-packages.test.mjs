import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { damagedPackages } from './damaged-packages.mjs';

/** An environment with the packages of the trainer, as uv leaves it. */
function environmentFor(t, python = '3.11') {
  const folder = mkdtempSync(join(tmpdir(), 'asi-python-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const place = join(folder, `lib/python${python}/site-packages`);
  for (const name of ['torch', 'numpy', 'einops', 'nvidia_cublas']) {
    for (const part of [name, `${name}-1.0.0.dist-info`]) mkdirSync(join(place, part), { recursive: true });
    if (name !== 'nvidia_cublas') writeFileSync(join(place, name, '__init__.py'), '');
    writeFileSync(join(place, `${name}-1.0.0.dist-info/INSTALLER`), 'uv');
  }
  writeFileSync(join(folder, 'pyvenv.cfg'), `home = /usr/bin\nversion_info = ${python}.2\nprompt = python\n`);
  return { folder, place };
}

test('an environment without torch, whose description is still there, is damaged; a whole one is not', (t) => {
  const { folder, place } = environmentFor(t);
  assert.deepEqual(damagedPackages(folder), { missing: [], cutOff: [] });
  rmSync(join(place, 'torch'), { recursive: true });
  assert.deepEqual(damagedPackages(folder).missing, ['torch']);
  rmSync(join(place, 'numpy/__init__.py'));
  assert.deepEqual(damagedPackages(folder).missing, ['torch', 'numpy']);
});

test('a package whose installation was cut off is damaged, though nothing imports it by its name', (t) => {
  const { folder, place } = environmentFor(t);
  const description = join(place, 'nvidia_cublas-1.0.0.dist-info');
  rmSync(join(description, 'INSTALLER'));
  assert.deepEqual(damagedPackages(folder), { missing: [], cutOff: [{ name: 'nvidia_cublas', description }] });
});

test('packages that are there for another Python only are not there', (t) => {
  const { folder } = environmentFor(t);
  writeFileSync(join(folder, 'pyvenv.cfg'), 'version_info = 3.12.4\n');
  assert.deepEqual(damagedPackages(folder).missing, ['torch', 'numpy', 'einops']);
});

test('an environment that does not say what Python it is for is no reason to install it anew', (t) => {
  const { folder } = environmentFor(t, '3.12');
  rmSync(join(folder, 'pyvenv.cfg'));
  assert.deepEqual(damagedPackages(folder).missing, []);
});

test('an environment that is not there at all lacks everything', (t) => {
  const { folder } = environmentFor(t);
  rmSync(folder, { recursive: true });
  assert.deepEqual(damagedPackages(folder).missing, ['torch', 'numpy', 'einops']);
});
