import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pythonProgram, root, toolchain } from '../paths.mjs';
import { readIfThere } from './bootstrap.mjs';
import { runSuiteCommand } from './run-suite.mjs';
import { countJunit } from './suite-result.mjs';

// Each worker holds a PyTorch; more of them than this gain little and cost memory.
const mostWorkers = 4;

/** The trainer's tests, a worker to a core; those marked `slow` only in a full run. */
export async function runPytest({ full }) {
  const report = join(toolchain, 'reports/pytest.xml');
  rmSync(report, { force: true });
  // The last -m wins over the one in pyproject.toml; an empty one selects everything.
  const workers = Math.min(availableParallelism(), mostWorkers);
  // Tests of one group share something that takes long to make: they stay on one worker.
  const spread = ['-n', String(workers), '--dist', 'loadgroup'];
  const args = ['-m', 'pytest', ...spread, `--junitxml=${report}`, '-m', full ? '' : 'not slow'];
  const code = await runSuiteCommand(pythonProgram, args, {
    cwd: join(root, 'gpu-runner/trainer'),
    env: { OMP_NUM_THREADS: '1', ...(full ? { ASI_TEST_FULL: '1' } : {}) },
  });
  return countJunit(readIfThere(report), code);
}
