import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runCommand, tryCommand } from '../command.mjs';
import { houseNode, root } from '../paths.mjs';
import { withProgress } from '../progress.mjs';
import { isStamped, keyOf, stamp, unstamp } from '../stamp.mjs';

const lockFile = join(root, 'package-lock.json');
const minimum = 20;

/** The version of Node that runs this program, checked before anything newer is used. */
export function nodeProblem(version = process.versions.node) {
  return Number.parseInt(version, 10) >= minimum
    ? null
    : `Node ${version} is too old: install Node ${minimum} or newer (https://nodejs.org), and start again`;
}

/**
 * True when everything that the lock file asks for is in node_modules. npm keeps a lock file of what it has installed.
 * @param {{packages: Record<string, {version?: string, optional?: boolean, link?: boolean}>}} wanted
 * @param {typeof wanted} installed
 */
export function isSatisfied(wanted, installed) {
  return Object.entries(wanted.packages).every(([path, { version, optional, link }]) => {
    if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) return true;
    const found = installed.packages[path];
    // Of optional packages npm installs those for this platform only.
    if (!found) return optional === true;
    return link === true ? found.link === true : found.version === version;
  });
}

function installedAlready() {
  try {
    const installed = JSON.parse(readFileSync(join(root, 'node_modules/.package-lock.json'), 'utf8'));
    return existsSync(houseNode) && isSatisfied(JSON.parse(readFileSync(lockFile, 'utf8')), installed);
  } catch {
    return false;
  }
}

/** A Node outside node_modules, which npm is about to replace. */
function nodeOutsideModules() {
  const folders = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder && !folder.includes('node_modules'));
  return folders.map((folder) => join(folder, 'node')).find(existsSync) ?? process.execPath;
}

/** Node 24 and all packages, as the lock file says. */
export async function installNodePackages() {
  const key = keyOf(root, [lockFile]);
  if (isStamped('node-packages', key) && existsSync(houseNode)) return;
  if (!installedAlready()) {
    // Its node is there before the rest is.
    unstamp('node-packages');
    const npm = process.env.npm_execpath;
    const [command, first] = npm && /\.c?js$/.test(npm) ? [nodeOutsideModules(), [npm]] : ['npm', []];
    const quiet = ['--no-audit', '--no-fund'];
    await withProgress(
      'Installing Node 24 and the packages of package-lock.json',
      'about a minute',
      async ({ say, tell }) => {
        // Its warnings about engines stand there longest, and are about nothing that a person can mend.
        const onLine = (line) => line.startsWith('npm warn') || say(line);
        const { ok } = await tryCommand(command, [...first, 'ci', ...quiet], { onLine });
        if (ok) return;
        tell('npm ci did not succeed; trying npm install');
        await runCommand('Installing the npm packages', command, [...first, 'install', '--no-save', ...quiet], {
          onLine,
        });
      },
    );
  }
  stamp('node-packages', key);
}
