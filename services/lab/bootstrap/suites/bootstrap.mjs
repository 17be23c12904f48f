import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, toolchain } from '../paths.mjs';
import { runSuiteCommand } from './run-suite.mjs';
import { countJunit } from './suite-result.mjs';

/** Tests of the bootstrap itself, with the test runner that every Node has. */
export async function runBootstrapTests() {
  const report = join(toolchain, 'reports/bootstrap.xml');
  rmSync(report, { force: true });
  const folder = join(root, 'services/lab/bootstrap');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.mjs'));
  const reporters = ['spec', 'stdout', 'junit', report];
  const code = await runSuiteCommand('node', [
    '--test',
    ...reporters.map((value, index) => `--test-reporter${index % 2 === 0 ? '' : '-destination'}=${value}`),
    ...files.map((file) => join(folder, file)),
  ]);
  return countJunit(readIfThere(report), code);
}

/** The text of a report; null when the run ended before it wrote one. */
export function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
