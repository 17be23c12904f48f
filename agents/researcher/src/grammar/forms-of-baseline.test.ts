import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { baselineGenomes } from './baseline-genomes.ts';
import { baselineProgram } from './baseline-program.ts';
import { formsOfBaseline, laidOutOtherwise } from './forms-of-baseline.ts';
import { pythonPath } from './testing/python-checks.ts';

/** As in the archive. */
const twinCorrelation = 0.99999;

describe('the forms by which a baseline is known', () => {
  it('leave out what designers are shown only where its fingerprint is that of the built-in: a copy of it would pass as new', () => {
    const names = Object.keys(baselineGenomes);
    const answers = execFileSync(pythonPath(), [fileURLToPath(new URL('testing/like_builtin.py', import.meta.url))], {
      input: names.map((name) => JSON.stringify({ builtin: name, source: baselineProgram(name) })).join('\n'),
      env: { ...process.env, OMP_NUM_THREADS: '1', PYTHONDONTWRITEBYTECODE: '1' },
      encoding: 'utf8',
    });
    const likeness = answers.trim().split('\n').map(Number);
    expect(names.filter((_, index) => !((likeness[index] ?? 0) > twinCorrelation))).toEqual(laidOutOtherwise);
  }, 120_000);

  it('are the built-in alone where the grammar cannot say it', () => {
    expect(formsOfBaseline('softmax-attention')).toEqual([{ origin: 'builtin', builtin: 'softmax-attention' }]);
  });
});
