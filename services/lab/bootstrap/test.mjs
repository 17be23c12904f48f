import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { install } from './install.mjs';
import { toolchain } from './paths.mjs';
import { runMain, setupFailure } from './setup-failure.mjs';
import { runBootstrapTests } from './suites/bootstrap.mjs';
import { runChecks } from './suites/checks.mjs';
import { runPytest } from './suites/pytest.mjs';
import { notRunLine, summarize } from './suites/suite-result.mjs';
import { runVitest } from './suites/vitest.mjs';

const suites = { checks: runChecks, bootstrap: runBootstrapTests, vitest: runVitest, pytest: runPytest };

/** `npm test [-- SUITE...] [--full]`: installs, runs the suites one after another, and prints the sum on the last line. */
await runMain(async () => {
  const args = process.argv.slice(2);
  const full = args.includes('--full');
  const wanted = args.filter((arg) => arg !== '--full');
  const unknown = wanted.find((name) => !(name in suites));
  if (unknown) throw setupFailure(`there is no test suite ${unknown}; choose among ${Object.keys(suites).join(', ')}`);
  await install({ tests: true });
  mkdirSync(join(toolchain, 'reports'), { recursive: true });
  const results = [];
  for (const name of wanted.length > 0 ? wanted : Object.keys(suites)) {
    process.stdout.write(`\n== ${name}\n`);
    const begun = Date.now();
    const count = await suites[name]({ full });
    results.push({ name, ...count, seconds: Math.round((Date.now() - begun) / 1000) });
  }
  process.stdout.write('\n');
  for (const { name, passed, failed, skipped, seconds } of results) {
    process.stdout.write(`${name.padEnd(10)} ${passed} passed, ${failed} failed, ${skipped} skipped in ${seconds} s\n`);
  }
  const notRun = notRunLine(results);
  if (notRun !== null) process.stdout.write(`${notRun}\n`);
  const { line, code } = summarize(results);
  process.stdout.write(`${line}\n`);
  return code;
});
