/**
 * One file of every program of the house and of `asi`, with the packages that they use; what several share is a file too.
 * Run by the installation: `node bundle-house.ts FOLDER`. The folder has the bundle of each program under the path of its source.
 */
import { dirname, join, relative } from 'node:path';
import { argv } from 'node:process';
import { pathToFileURL } from 'node:url';
import { type Plugin, rolldown } from 'rolldown';
import { findHouseMembers } from '../stack/house-member.ts';
import { bundleName } from '../stack/program-file.ts';
import { repositoryRoot } from '../stack/toolchain.ts';

/** A source finds the files beside it (prompts, papers, pages) where they are, wherever it was bundled to. */
const staysInPlace: Plugin = {
  name: 'stays-in-place',
  transform(code, id) {
    const ours = id.startsWith(repositoryRoot) && !id.includes('/node_modules/');
    if (!ours || !code.includes('import.meta')) return null;
    return code
      .replaceAll('import.meta.dirname', JSON.stringify(dirname(id)))
      .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href));
  },
};

const [folder] = argv.slice(2);
if (!folder) throw new Error('usage: node bundle-house.ts FOLDER');
const programs = [
  join(repositoryRoot, 'services/lab/src/main.ts'),
  ...findHouseMembers(repositoryRoot).map(({ main }) => main),
];
const bundle = await rolldown({
  input: Object.fromEntries(programs.map((main) => [relative(repositoryRoot, bundleName(main)), main])),
  platform: 'node',
  plugins: [staysInPlace],
});
await bundle.write({
  dir: folder,
  format: 'esm',
  keepNames: true,
  entryFileNames: '[name]',
  chunkFileNames: 'shared/[name]-[hash].mjs',
});
await bundle.close();
