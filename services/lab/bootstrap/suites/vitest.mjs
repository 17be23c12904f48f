import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { currentBundles } from '../install/bundles.mjs';
import { toolchain } from '../paths.mjs';
import { readIfThere } from './bootstrap.mjs';
import { runSuiteCommand } from './run-suite.mjs';
import { countVitest } from './suite-result.mjs';

/** All TypeScript tests; `*.full.test.ts` only in a full run. */
export async function runVitest({ full }) {
  const report = join(toolchain, 'reports/vitest.json');
  rmSync(report, { force: true });
  const exclude = full ? [] : ['--exclude', '**/*.full.test.ts'];
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...exclude];
  // The tests start hundreds of processes on state folders of their own: without one cache for all, each compiles everything anew, and
  // each runner proves the isolation of this machine again. The processes are those that users run: the bundled ones.
  const env = {
    NODE_COMPILE_CACHE: join(toolchain, 'cache/node'),
    ASI_RUNNER_PROOF: join(toolchain, 'cache/isolation.json'),
    ASI_BUNDLES: currentBundles() ?? '',
    ...(full ? { ASI_TEST_FULL: '1' } : {}),
  };
  const code = await runSuiteCommand('vitest', args, { env });
  const text = readIfThere(report);
  return countVitest(text === null ? null : JSON.parse(text), code);
}
