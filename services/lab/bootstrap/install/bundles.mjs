import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { tryCommand } from '../command.mjs';
import { houseNode, root, toolchain } from '../paths.mjs';
import { withProgress } from '../progress.mjs';
import { keyOf } from '../stamp.mjs';

const bundlesFolder = join(toolchain, 'bundles');
/** A running laboratory loads parts of its bundles when it first needs them, so those of earlier sources are not removed at once. */
const keptEarlier = 2;

const packagesIn = (parent) =>
  readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(parent, name));

const sourcesOf = (path) => {
  const folder = join(path, 'src');
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { recursive: true });
  const sources = names.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  return [join(path, 'package.json'), ...sources.map((name) => join(folder, name))];
};

/**
 * The folder that belongs to the bundles of a repository's sources as they are now. Paths to prompts, papers and pages are
 * written into bundles, so the place of the repository counts.
 */
export function bundlesOf(repository, folder = bundlesFolder) {
  const parents = ['agents', 'services', 'shared'].map((name) => join(repository, name));
  const packages = [...parents.flatMap(packagesIn), join(repository, 'gpu-runner')];
  const files = [join(repository, 'package-lock.json'), ...packages.flatMap(sourcesOf)];
  return join(folder, keyOf(repository, files, [repository]).slice(0, 16));
}

/** The folder of the programs that were bundled from these very sources, or null: then they run from their sources. */
export function currentBundles() {
  const path = bundlesOf(root);
  return existsSync(path) ? path : null;
}

/**
 * One file of each program of the laboratory, with the packages that it uses: half of the processor time of a start goes
 * into finding and opening the hundreds of files of every process. What cannot be bundled runs from its sources.
 */
export async function bundlePrograms() {
  const path = bundlesOf(root);
  if (existsSync(path)) return;
  await withProgress('Bundling the programs of the laboratory', 'a few seconds', async ({ say, tell }) => {
    mkdirSync(bundlesFolder, { recursive: true });
    const fresh = `${path}.new`;
    rmSync(fresh, { recursive: true, force: true });
    const bundler = join(root, 'services/lab/src/bundle/bundle-house.ts');
    const { ok } = await tryCommand(houseNode, [bundler, fresh], { onLine: say });
    if (!ok) return tell('They could not be bundled, and run from their sources: each start takes some seconds longer');
    renameSync(fresh, path);
    removeEarlier(path);
  });
}

function removeEarlier(current) {
  const earlier = readdirSync(bundlesFolder)
    .map((name) => join(bundlesFolder, name))
    .filter((path) => path !== current)
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const path of earlier.slice(keptEarlier)) rmSync(path, { recursive: true, force: true });
}
