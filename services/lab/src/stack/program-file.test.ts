import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { programFile } from './program-file.ts';
import { temporaryFolder } from './testing/temporary-home.ts';
import { repositoryRoot } from './toolchain.ts';

const source = join(repositoryRoot, 'agents/judge/src/main.ts');

function makeBundles(): { readonly folder: string; readonly bundle: string } {
  const folder = temporaryFolder();
  const bundle = join(folder, 'agents/judge/src/main.mjs');
  mkdirSync(dirname(bundle), { recursive: true });
  writeFileSync(bundle, '');
  return { folder, bundle };
}

test('a program runs from its bundle where the bootstrap names one, else from its source', () => {
  const { folder, bundle } = makeBundles();
  expect(programFile(source, { ASI_BUNDLES: folder })).toBe(bundle);
  for (const ASI_BUNDLES of [undefined, '', temporaryFolder()])
    expect(programFile(source, { ASI_BUNDLES })).toBe(source);
});

test('a process of another house is not mistaken for the one of this repository with the same name', () => {
  const { folder } = makeBundles();
  const other = join(temporaryFolder(), 'agents/judge/src/main.ts');
  expect(programFile(other, { ASI_BUNDLES: folder })).toBe(other);
});
