import { pathToFileURL } from 'node:url';
import { bundlePrograms } from './install/bundles.mjs';
import { buildEmbeddedServers } from './install/embedded.mjs';
import { generateCode } from './install/generated-code.mjs';
import { buildLauncher } from './install/launcher.mjs';
import { installNodePackages, nodeProblem } from './install/node-packages.mjs';
import { installPython, installPythonTestTools } from './install/python.mjs';
import { compilePython } from './install/python-bytecode.mjs';
import { interruptible } from './interruption.mjs';
import { oneAtATime } from './one-at-a-time.mjs';
import { runMain, setupFailure } from './setup-failure.mjs';

/**
 * Installs whatever is missing; touches neither network nor disk when everything is there.
 * Each step notes what it was done for, so an interrupted installation goes on where it was.
 * @param {{tests?: boolean}} options `tests`: what `npm test` needs as well
 * @returns {Promise<string | null>} the folder of the bundled programs; null where they run from their sources
 */
export async function install({ tests = false } = {}) {
  const problem = nodeProblem();
  if (problem) throw setupFailure(problem);
  return interruptible(() =>
    oneAtATime(async () => {
      await installNodePackages();
      await installPython();
      await compilePython();
      if (tests) await installPythonTestTools();
      await buildEmbeddedServers();
      await buildLauncher();
      await generateCode();
      return bundlePrograms();
    }),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await runMain(async () => {
    await install({ tests: process.argv.includes('--tests') });
    return 0;
  });
}
