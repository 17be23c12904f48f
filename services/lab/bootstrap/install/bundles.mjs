import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { outputOf, tryCommand } from '../command.mjs';
import { houseNode, root, toolchain } from '../paths.mjs';
import { withProgress } from '../progress.mjs';
import { isStamped, keyOf, stamp } from '../stamp.mjs';

const bundlesFolder = join(toolchain, 'bundles');
/** Bundles of earlier sources that are kept though no process is seen that runs them: one may be just starting. */
const keptEarlier = 2;

const packagesIn = (parent) =>
  readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(parent, name));

/** Whatever a program may import: all code and data but what is a test, and what was installed. */
const isSource = (name) =>
  /\.([mc]?[tj]s|json)$/.test(name) && !/\.test\.[^.]+$/.test(name) && !name.split(sep).includes('node_modules');

/**
 * The folder that belongs to the bundles of a repository's sources as they are now. Paths to prompts, papers and pages are
 * written into bundles, so the place of the repository counts.
 */
export function bundlesOf(repository, folder = bundlesFolder) {
  const parents = ['agents', 'services', 'shared'].map((name) => join(repository, name));
  const places = [
    ...parents.flatMap(packagesIn),
    join(repository, 'gpu-runner/package.json'),
    join(repository, 'gpu-runner/src'),
  ];
  const sources = places.flatMap((place) =>
    statSync(place).isDirectory()
      ? readdirSync(place, { recursive: true })
          .filter(isSource)
          .map((name) => join(place, name))
      : [place],
  );
  return join(
    folder,
    keyOf(repository, [join(repository, 'package-lock.json'), ...sources], [repository]).slice(0, 16),
  );
}

const contentOf = (path) => {
  const names = readdirSync(path).filter((name) => name !== 'stamps');
  return keyOf(
    path,
    names.map((name) => join(path, name)),
  );
};

/** Notes what the files of a folder hold. */
export const seal = (path) => stamp('content', contentOf(path), path);

/** Whether they hold it still: a bundle that was cut off or half removed would end every command with a stack trace. */
export const isWhole = (path) => existsSync(path) && isStamped('content', contentOf(path), path);

/** The folder of the programs that were bundled from these very sources, or null: then they run from their sources. */
export function currentBundles() {
  const path = bundlesOf(root);
  return isWhole(path) ? path : null;
}

/**
 * One file of each program of the laboratory, with the packages that it uses, so that a start need not find and open hundreds
 * of files for every process. What cannot be bundled runs from its sources.
 * @returns {Promise<string | null>} as currentBundles
 */
export async function bundlePrograms() {
  const path = bundlesOf(root);
  if (isWhole(path)) return path;
  return withProgress('Bundling the programs of the laboratory', 'a few seconds', async ({ say, tell }) => {
    mkdirSync(bundlesFolder, { recursive: true });
    const fresh = `${path}.new`;
    for (const remains of [fresh, path]) rmSync(remains, { recursive: true, force: true });
    const bundler = join(root, 'services/lab/src/bundle/bundle-house.ts');
    const { ok } = await tryCommand(houseNode, [bundler, fresh], { onLine: say });
    if (!ok) {
      tell('They could not be bundled, and run from their sources: each start takes some seconds longer');
      return null;
    }
    seal(fresh);
    renameSync(fresh, path);
    removeEarlier(bundlesFolder, path);
    return path;
  });
}

/**
 * Removes the bundles of earlier sources, but for the newest and for those that a process runs: it is started again from
 * there when it ends, and loads parts of them when it first needs them.
 */
export function removeEarlier(folder, current, commands = runningCommands()) {
  if (commands === null) return;
  const earlier = readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => path !== current)
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const path of earlier.slice(keptEarlier))
    if (!commands.includes(path)) rmSync(path, { recursive: true, force: true });
}

/** The command lines of all processes, as one text; null where this machine does not tell. */
function runningCommands() {
  if (!existsSync('/proc/self/cmdline')) return outputOf('ps', ['-Awwo', 'command']);
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return processes.map((name) => commandOf(`/proc/${name}/cmdline`)).join('\n');
}

function commandOf(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // it has ended
  }
}
