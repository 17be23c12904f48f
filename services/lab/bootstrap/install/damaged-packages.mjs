import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// What the trainer imports; in these the folder has the name of the package.
const imported = ['torch', 'numpy', 'einops'];

/**
 * What of a Python environment is not there as a whole, without running Python. uv believes a package to be there for as
 * long as its .dist-info is.
 * @param {string} environment folder of the environment
 * @returns {{missing: string[], cutOff: {name: string, description: string}[]}} `missing`: packages that are imported and
 *   have no code; `cutOff`: those whose .dist-info is without INSTALLER, which is written after the last file of a package
 */
export function damagedPackages(environment) {
  const places = sitePackages(environment);
  const missing = imported.filter((name) => !places.some((place) => existsSync(join(place, name, '__init__.py'))));
  const described = places.flatMap((place) =>
    readdirSync(place).flatMap((entry) => {
      const [, name] = /^(.+)-[^-]+\.dist-info$/.exec(entry) ?? [];
      return name ? [{ name, description: join(place, entry) }] : [];
    }),
  );
  return { missing, cutOff: described.filter(({ description }) => !existsSync(join(description, 'INSTALLER'))) };
}

/** That of the Python it says it is for; one that says nothing (Conda's) has but one. */
function sitePackages(environment) {
  const library = join(environment, 'lib');
  if (!existsSync(library)) return [];
  const version = versionOf(environment);
  const names = readdirSync(library).filter((name) =>
    version === null ? /^python3\.\d+$/.test(name) : name === `python${version}`,
  );
  return names.map((name) => join(library, name, 'site-packages')).filter(existsSync);
}

function versionOf(environment) {
  try {
    const text = readFileSync(join(environment, 'pyvenv.cfg'), 'utf8');
    return /^version(?:_info)?\s*=\s*(3\.\d+)/m.exec(text)?.[1] ?? null;
  } catch {
    return null;
  }
}
