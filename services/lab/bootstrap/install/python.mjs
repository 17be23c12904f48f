import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pythonFolder, pythonProgram, root } from '../paths.mjs';
import { withProgress } from '../progress.mjs';
import { isStamped, keyOf, stamp, unstamp } from '../stamp.mjs';
import { damagedPackages } from './damaged-packages.mjs';
import { hostPython } from './host-python.mjs';
import { hasUv, runUv, tryUv } from './uv.mjs';

const requirements = (name) => join(root, 'services/lab/bootstrap', name);
const install = (file, extra = []) => ['pip', 'install', '--python', pythonProgram, ...extra, '-r', file];

/** True when the environment has what a requirements file asks for, whoever installed it. */
async function isSatisfied(file) {
  if (!existsSync(pythonProgram) || !hasUv()) return false;
  const { ok, output } = await tryUv(install(file, ['--dry-run', '--offline']));
  return ok && /make no changes/i.test(output);
}

/** A Python environment with PyTorch, in which candidates are trained. */
export async function installPython() {
  const file = requirements('requirements.txt');
  const key = keyOf(root, [file]);
  const { missing, cutOff } = damagedPackages(pythonFolder);
  const isWhole = missing.length + cutOff.length === 0;
  if (isStamped('python', key) && existsSync(pythonProgram) && isWhole) return;
  if (!isWhole || !(await isSatisfied(file))) {
    // The bytecode goes with the packages.
    for (const step of ['python', 'python-bytecode']) unstamp(step);
    const { name, version } = hostPython();
    const venv = ['venv', '--allow-existing', '--python', name, pythonFolder];
    await runUv('Making a Python environment', venv);
    const title = `Installing PyTorch for Python ${version}, which trains the candidates`;
    // uv looks at what is described, not whether its files are there; what is there it leaves as it is.
    const again = [...missing, ...cutOff.map(({ name }) => name)].flatMap((name) => ['--reinstall-package', name]);
    await withProgress(title, '1 to 5 minutes', async ({ say, tell }) => {
      const chosen = await tryUv(install(file, ['--torch-backend=auto', ...again]), { onLine: say });
      if (chosen.ok) return;
      tell('The PyTorch index was not reached: taking the larger build of PyPI (5 GB)');
      await runUv('Installing PyTorch', install(file, again), { onLine: say });
    });
    // Others than the trainer's packages (a test tool) are installed when they are asked for.
    for (const { description } of damagedPackages(pythonFolder).cutOff) rmSync(description, { recursive: true });
  }
  stamp('python', key);
}

/** What the tests of the Python parts need besides. */
export async function installPythonTestTools() {
  const file = requirements('requirements-test.txt');
  const key = keyOf(root, [file]);
  if (isStamped('python-test', key) && existsSync(join(pythonFolder, 'bin/pytest'))) return;
  if (!(await isSatisfied(file))) {
    const title = 'Installing pytest, hypothesis, ruff and vermin, which test the Python parts';
    await withProgress(title, 'a few seconds', ({ say }) =>
      runUv('Installing the Python test tools', install(file), { onLine: say }),
    );
  }
  stamp('python-test', key);
}
