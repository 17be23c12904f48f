import { join } from 'node:path';
import { goProgram, goSettings } from '../install/go.mjs';
import { embeddedSource, launcherSource, pythonFolder, root } from '../paths.mjs';
import { runSuiteCommand } from './run-suite.mjs';

/** Types, style and contracts; each check counts as one test. */
export async function runChecks() {
  const checks = [
    ['TypeScript types', 'tsc', ['--noEmit', '-p', 'tsconfig.json'], {}],
    ['TypeScript style', 'biome', ['check', '--diagnostic-level=warn', '.'], {}],
    ['Protobuf lint', 'buf', ['lint'], { cwd: join(root, 'proto') }],
    ['Python style', join(pythonFolder, 'bin/ruff'), ['check', 'gpu-runner/trainer', 'test/bench'], {}],
    ['Go vet', await goProgram(), ['vet', './...'], { cwd: embeddedSource, env: goSettings }],
    ...(process.platform === 'linux'
      ? [
          ['Go vet of the launcher', await goProgram(), ['vet', './...'], { cwd: launcherSource, env: goSettings }],
          ['Go test of the launcher', await goProgram(), ['test', './...'], { cwd: launcherSource, env: goSettings }],
        ]
      : []),
  ];
  const count = { passed: 0, failed: 0, skipped: 0 };
  for (const [name, command, args, options] of checks) {
    const ok = (await runSuiteCommand(command, args, options)) === 0;
    process.stdout.write(`${ok ? '✓' : '✗'} ${name}\n`);
    count[ok ? 'passed' : 'failed']++;
  }
  return count;
}
