import { spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const folder = fileURLToPath(new URL('../..', import.meta.url));

test('no module of the page turns text into markup or code, so that untrusted names and programs stay text', async () => {
  const names = (await readdir(join(folder, 'public'), { recursive: true })).filter((name) => name.endsWith('.mjs'));
  expect(names.length).toBeGreaterThan(20);
  for (const name of names) {
    const source = await readFile(join(folder, 'public', name), 'utf8');
    expect(source, name).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\(|new Function|https?:\/\/(?!www\.w3\.org)/,
    );
  }
});

test('the page fits the types of the views that it is given', () => {
  const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  const { status, stdout } = spawnSync(process.execPath, [compiler, '-p', join(folder, 'tsconfig.json')], {
    encoding: 'utf8',
  });
  expect(stdout).toBe('');
  expect(status).toBe(0);
});
