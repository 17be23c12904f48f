import { seededRandom } from '@asi/contracts';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { baselineGenomes } from './baseline-genomes.ts';
import { components } from './components.ts';
import { draw } from './draw.ts';
import { emit } from './emit.ts';
import type { Genome } from './genome.ts';
import { mutate } from './mutate.ts';
import { parameterCount } from './parameters.ts';
import { slots } from './slots/slots.ts';
import { arbitraryGenome, coveringGenomes } from './testing/genomes.ts';
import { type CheckAnswer, checkPrograms } from './testing/python-checks.ts';

const repetitions = process.env.ASI_TEST_FULL === '1' ? 500 : 100;

const gated = emit({ ...baselineGenomes['gated-delta-net'], directPath: 'value', router: { kind: 'sum' } });
const baselines: ReadonlyArray<readonly [string, Genome]> = Object.entries(baselineGenomes);

const defects: ReadonlyArray<readonly [string, string, string, RegExp]> = [
  ['a leak from the future', 'memory = ', 'memory = v.flip(2) + ', /future|prefix/],
  ['a dependence on the total length', 'y = y * F.silu', 'y = y * x.shape[1] * F.silu', /prefix of/],
  ['rows that mix', 'return self.out(y)', 'return self.out(y + y.mean(0, keepdim=True))', /batch mix/],
  ['a parameter without a gradient', 'self.gate(x)', 'self.gate(x).detach()', /zero|missing/],
  ['a wrong recurrence', 'kept_i * state', 'state', /differs from the recurrence/],
];

function mutationPairs(): Array<readonly [Genome, Genome]> {
  const random = seededRandom('behaviour');
  return Array.from({ length: 24 }, () => {
    const parent = draw({ random }).genome;
    return [parent, mutate(parent, { random }).genome] as const;
  });
}

describe('emitted programs, executed by PyTorch', () => {
  const genomes: Genome[] = [...Object.values(baselineGenomes), ...coveringGenomes()];
  const pairs = mutationPairs();
  let covering: CheckAnswer[] = [];
  let planted: CheckAnswer[] = [];
  let asBuiltin: CheckAnswer[] = [];
  let mutated: CheckAnswer[] = [];

  beforeAll(async () => {
    // One process for all: importing PyTorch costs more than checking a dozen programs.
    const answers = await checkPrograms([
      ...genomes.map((genome) => ({ source: emit(genome), reference: true })),
      ...defects.map(([, from, to]) => ({ source: gated.replace(from, to), reference: true })),
      ...baselines.map(([name, genome]) => ({ source: emit(genome), builtin: name })),
      ...pairs.flat().map((genome) => ({ source: emit(genome) })),
    ]);
    covering = answers.slice(0, genomes.length);
    planted = answers.slice(genomes.length, genomes.length + defects.length);
    const checked = genomes.length + defects.length;
    asBuiltin = answers.slice(checked, checked + baselines.length);
    mutated = answers.slice(checked + baselines.length);
  }, 240_000);

  test('no option of any slot is left unexecuted', () => {
    const executed = new Set(genomes.flatMap(components));
    const all = slots.flatMap((slot) => slot.options.map(({ label }) => `${slot.name}=${label}`));
    expect(all.filter((component) => !executed.has(component))).toEqual([]);
    expect(covering).toHaveLength(genomes.length);
  });

  test('every option is causal, trains every parameter, and equals its recurrence token by token', () => {
    const broken = covering.flatMap(({ error }, index) =>
      error === null ? [] : [{ error, components: components(genomes[index] as Genome).join(' ') }],
    );
    expect(broken).toEqual([]);
  });

  test('the parameters counted from a genome are those that PyTorch counts', () => {
    expect(covering.map(({ parameters }) => parameters)).toEqual(genomes.map((genome) => parameterCount(genome)));
    const wide = { dModel: 128, nHeads: 4 };
    expect(covering.map(({ wideParameters }) => wideParameters)).toEqual(genomes.map((g) => parameterCount(g, wide)));
  });

  test('each baseline genome starts and computes as the built-in does, so that a child differs by its mutation only', () => {
    const differing = asBuiltin.map(({ error }, index) => [baselines[index]?.[0], error]);
    expect(differing).toEqual(baselines.map(([name]) => [name, null]));
  });

  test.each(defects.map(([name], index) => [name, index] as const))('%s would not go unnoticed', (_name, index) => {
    const [, from, , message] = defects[index] ?? ['', '', '', /never/];
    expect(gated).toContain(from);
    expect(planted[index]?.error).toMatch(message);
  });

  test('a mutation behaves differently from its parent, not only reads differently', () => {
    const same = pairs.filter((_, index) => {
      const [one, other] = [mutated[2 * index]?.probe ?? [], mutated[2 * index + 1]?.probe ?? []];
      return correlation(one, other) > 0.999;
    });
    // The floor of a router may hardly matter for one choice of parameters; anything else must show.
    expect(same.length).toBeLessThanOrEqual(2);
    expect(mutated.filter(({ error }) => error !== null)).toEqual([]);
  });
});

describe('emitted text', () => {
  test('the same genome gives the same text', () => {
    fc.assert(
      fc.property(arbitraryGenome, (genome) => emit(genome) === emit(structuredClone(genome))),
      { numRuns: repetitions },
    );
  });

  test('no program carries a function, constant or attribute that it does not use', () => {
    fc.assert(
      fc.property(arbitraryGenome, (genome) => {
        const source = emit(genome);
        const count = (pattern: RegExp): number => source.match(pattern)?.length ?? 0;
        for (const [, name] of source.matchAll(/^(?:def )?(\w+)(?: = |\()/gm)) {
          if (name !== 'class') expect(count(new RegExp(`\\b${name}\\b`, 'g')), name).toBeGreaterThan(1);
        }
        const forward = source.slice(source.indexOf('def forward'));
        const init = source.slice(source.indexOf('def __init__'), source.indexOf('def forward'));
        for (const [, name] of init.matchAll(/^ {8}self\.(\w+) = /gm)) {
          const used = new RegExp(`self\\.${name}\\b`).test(forward) || init.split(`self.${name}`).length > 2;
          expect(used, `self.${name}`).toBe(true);
        }
      }),
      { numRuns: repetitions },
    );
  });

  test('lines stay within 100 columns, and imports within torch and math', () => {
    fc.assert(
      fc.property(arbitraryGenome, (genome) => {
        const lines = emit(genome).split('\n');
        expect(lines.filter((line) => line.length > 100)).toEqual([]);
        const imports = lines.filter((line) => /^(?:import|from) /.test(line));
        expect(
          imports.filter((line) => !/^(?:import math|import torch|from torch(?:\.nn)? import .*)$/.test(line)),
        ).toEqual([]);
        expect(lines.join('\n')).not.toMatch(/undefined|NaN|\[object/);
      }),
      { numRuns: repetitions },
    );
  });
});

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (xs: readonly number[]): number => xs.reduce((sum, x) => sum + x, 0) / xs.length;
  const [ma, mb] = [mean(a), mean(b)];
  const product = (xs: readonly number[], mx: number, ys: readonly number[], my: number): number =>
    xs.reduce((sum, x, i) => sum + (x - mx) * ((ys[i] ?? 0) - my), 0);
  return product(a, ma, b, mb) / Math.sqrt(product(a, ma, a, ma) * product(b, mb, b, mb));
}
