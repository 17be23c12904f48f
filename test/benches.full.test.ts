import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { trainerPython } from '../services/lab/src/stack/toolchain.ts';
import { repository } from './support/asi-command.ts';

/**
 * Every measurement in README and docs is printed by one of these, weeks apart: here each one is run at its smallest size, so that
 * what it reads has not changed its form meanwhile. Whether goals are met is no matter of a test. Not here: accelerator.py, which
 * needs a GPU, leaderboard-table.ts, which reads a laboratory, and orderings.py, whose smallest size takes minutes.
 */
const smallest: ReadonlyArray<readonly [name: string, ...args: string[]]> = [
  ['arms.ts', '--repetitions', '2'],
  ['causal_convolution.py'],
  ['certificate.ts', '--programs', '1'],
  ['confirmation.ts', '--campaigns', '100'],
  ['fingerprints.ts', '--genomes', '1'],
  ['grammar-diversity.ts', '--draws', '3'],
  ['insight-feedback.ts', '--repetitions', '2'],
  ['mind-overhead.ts', '--rounds', '2', '--pause', '100'],
  ['models.ts', '--rounds', '1'],
  ['n_grams.py', '--seeds', '2'],
  ['orchestration.ts', '--experiments', '200', '--slots', '4'],
  ['prompt-sizes.ts'],
  ['runner-busy.ts', '--candidates', '1', '--suite', 'cpu-smoke'],
  ['start-up.ts', '--rounds', '1', '--rest-seconds', '1'],
  ['throughput.py', '--rounds', '1', '--steps', '2'],
];

it.each(smallest)('%s still measures what its numbers are quoted for', { timeout: 600_000 }, async (name, ...args) => {
  const python = name.endsWith('.py');
  const program = python ? trainerPython(process.env) : process.execPath;
  const child = spawn(program, [`test/bench/${name}`, ...args], {
    cwd: repository,
    env: { ...process.env, ...(python ? { PYTHONPATH: 'gpu-runner/trainer' } : {}) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [said, complained, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  // 1 is also the code of a program that fell over.
  expect(complained).not.toMatch(/^Traceback|^ {4}at /m);
  expect([0, 1], complained).toContain(code);
  expect(said).not.toBe('');
});
