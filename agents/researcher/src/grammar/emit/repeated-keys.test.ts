import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { baselineGenomes } from '../baseline-genomes.ts';
import { emit } from '../emit.ts';
import { genomeSchema } from '../genome.ts';
import { pythonPath } from '../testing/python-checks.ts';

test('a key that repeats at rates near 2 costs the chunks no more than ten times what it costs the recurrence in float32', () => {
  const decays = [{ kind: 'none' }, { kind: 'scalar-gated' }, { kind: 'learned-vector' }];
  const write = { kind: 'delta', maxRate: 2 };
  const genomes = decays.map((decay) => genomeSchema.parse({ ...baselineGenomes['delta-net'], decay, write }));
  const script = fileURLToPath(new URL('../testing/repeated_keys.py', import.meta.url));
  const answers = execFileSync(pythonPath(), [script], {
    input: genomes.map((genome) => JSON.stringify(emit(genome))).join('\n'),
    env: { ...process.env, OMP_NUM_THREADS: '1', PYTHONDONTWRITEBYTECODE: '1' },
    encoding: 'utf8',
  });
  const ratios = answers.trim().split('\n').map(Number);
  expect(ratios).toHaveLength(decays.length);
  expect(ratios.filter((ratio) => !(ratio < 10))).toEqual([]);
}, 120_000);
