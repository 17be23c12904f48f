import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { outputOf, runCommand, tryCommand } from '../command.mjs';
import { pythonFolder, pythonProgram, root, toolchain } from '../paths.mjs';
import { withProgress } from '../progress.mjs';
import { setupFailure } from '../setup-failure.mjs';
import { isStamped, keyOf, stamp } from '../stamp.mjs';

const requirements = (name) => join(root, 'services/lab/bootstrap', name);
const uvVersion = '0.13.9';
const uvFolder = join(toolchain, 'uv');

// PyTorch has builds for these; a newer Python is only tried when there is none of them.
const built = [10, 11, 12, 13];
const names = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];

/**
 * The Python to build the environment with.
 * @param {(name: string) => string | null} versionOf prints `3.11`, or null when there is no such program
 * @returns {{name: string, version: string}}
 */
export function choosePython(versionOf) {
  const found = names.flatMap((name) => {
    const version = versionOf(name);
    return version
      ? [{ name, version, minor: Number(version.split('.')[1]), major: Number(version.split('.')[0]) }]
      : [];
  });
  const usable = found.filter(({ major, minor }) => major === 3 && minor >= built[0]);
  const [best] = [...usable.filter(({ minor }) => built.includes(minor)), ...usable];
  if (best) return { name: best.name, version: best.version };
  const have = found.map(({ version }) => version)[0];
  throw setupFailure(
    `${have ? `Python ${have} is too old` : 'Python is missing'}: install Python 3.10 to 3.13 with pip (for example: apt-get install python3 python3-pip), and start again`,
  );
}

const versionOf = (name) => outputOf(name, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']);

/** Path of uv, which installs Python packages; installed here when it is missing. */
export async function uvProgram() {
  const own = join(uvFolder, 'bin/uv');
  if (existsSync(own)) return own;
  const { name } = choosePython(versionOf);
  if (outputOf(name, ['-m', 'pip', '--version']) === null) {
    if (outputOf('uv', ['--version'])) return 'uv';
    throw setupFailure(`${name} has no pip: install it (for example: apt-get install python3-pip), and start again`);
  }
  await withProgress('Installing uv, which installs Python packages', 'a few seconds', (say) =>
    runCommand('Installing uv', name, ['-m', 'pip', 'install', '--quiet', '--target', uvFolder, `uv==${uvVersion}`], {
      onLine: say,
    }),
  );
  return own;
}

/** True when the environment has what a requirements file asks for, whoever installed it. */
async function satisfied(file) {
  if (!existsSync(pythonProgram) || !existsSync(join(uvFolder, 'bin/uv'))) return false;
  const check = ['pip', 'install', '--dry-run', '--offline', '--python', pythonProgram, '-r', file];
  const { ok, output } = await tryCommand(join(uvFolder, 'bin/uv'), check);
  return ok && /no changes|Would make no changes/i.test(output);
}

/** A Python environment with PyTorch, in which candidates are trained. */
export async function installPython() {
  const file = requirements('requirements.txt');
  const key = keyOf(root, [file]);
  if (isStamped('python', key) && existsSync(pythonProgram)) return;
  if (!(await satisfied(file))) {
    const uv = await uvProgram();
    const { name, version } = choosePython(versionOf);
    const install = (extra) => ['pip', 'install', '--python', pythonProgram, ...extra, '-r', file];
    await withProgress(
      `Installing PyTorch for Python ${version}, which trains the candidates`,
      '1 to 5 minutes',
      async (say) => {
        await runCommand('Making a Python environment', uv, [
          'venv',
          '--allow-existing',
          '--python',
          name,
          pythonFolder,
        ]);
        say('choosing the build for this machine');
        const chosen = await tryCommand(uv, install(['--torch-backend=auto']), { onLine: say });
        if (chosen.ok) return;
        say(
          'the PyTorch index is out of reach; taking the larger build from PyPI (about 5 GB on disk), which runs on CPUs as well',
        );
        await runCommand('Installing PyTorch', uv, install([]), { onLine: say });
      },
    );
  }
  stamp('python', key);
}

/** What the tests of the Python parts need besides. */
export async function installPythonTestTools() {
  const file = requirements('requirements-test.txt');
  const key = keyOf(root, [file]);
  if (isStamped('python-test', key) && existsSync(join(pythonFolder, 'bin/pytest'))) return;
  if (!(await satisfied(file))) {
    const uv = await uvProgram();
    await withProgress('Installing pytest, hypothesis and ruff, which test the Python parts', 'a few seconds', (say) =>
      runCommand('Installing the Python test tools', uv, ['pip', 'install', '--python', pythonProgram, '-r', file], {
        onLine: say,
      }),
    );
  }
  stamp('python-test', key);
}
