import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { toolchain } from './paths.mjs';

/**
 * A key that changes whenever one of these files or words does.
 * @param {string} base folder that file names are taken relative to, so that the place of the repository does not matter
 * @param {string[]} files files and folders; a missing one counts as empty
 * @param {string[]} words versions and other settings
 */
export function keyOf(base, files, words = []) {
  const hash = createHash('sha256').update(JSON.stringify([process.platform, process.arch, ...words]));
  for (const file of files.flatMap(filesBelow).sort())
    hash.update(`\0${relative(base, file)}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

function filesBelow(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  const names = readdirSync(path).filter((name) => name !== '__pycache__'); // made from the other files
  return names.flatMap((name) => filesBelow(join(path, name)));
}

const stampPath = (name, folder) => join(folder, 'stamps', name);

/** True when the step was finished with this key. */
export function isStamped(name, key, folder = toolchain) {
  try {
    return readFileSync(stampPath(name, folder), 'utf8') === key;
  } catch {
    return false;
  }
}

/** Notes that a step is finished; call it only when everything it made is in place. */
export function stamp(name, key, folder = toolchain) {
  mkdirSync(join(folder, 'stamps'), { recursive: true });
  writeFileSync(stampPath(name, folder), key);
}

/** Takes the note back, before what the step has made is replaced: when that is interrupted, the step is to be done again. */
export function unstamp(name, folder = toolchain) {
  rmSync(stampPath(name, folder), { force: true });
}
