import { outputOf } from '../command.mjs';
import { setupFailure } from '../setup-failure.mjs';

// PyTorch has builds for these; a newer Python is only tried when there is none of them.
const built = [10, 11, 12, 13];
const names = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];

const versionOf = (name) => outputOf(name, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']);

/**
 * The Python of this machine to build the environment with.
 * @param {(name: string) => string | null} look gives `3.11`, or null when there is no such program
 * @returns {{name: string, version: string}}
 */
export function hostPython(look = versionOf) {
  const found = names.flatMap((name) => {
    const version = look(name);
    const [major, minor] = (version ?? '').split('.').map(Number);
    return version ? [{ name, version, major, minor }] : [];
  });
  const usable = found.filter(({ major, minor }) => major === 3 && minor >= built[0]);
  const [best] = [...usable.filter(({ minor }) => built.includes(minor)), ...usable];
  if (best) return { name: best.name, version: best.version };
  const have = found.map(({ version }) => version)[0];
  throw setupFailure(
    `${have ? `Python ${have} is too old` : 'Python is missing'}: install Python 3.10 to 3.13 with pip (for example: apt-get install python3 python3-pip), and start again`,
  );
}
