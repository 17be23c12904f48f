import { predictionSchema, seededRandom } from '@asi/contracts';
import fc from 'fast-check';
import { expect, describe as suite, test } from 'vitest';
import { baselineGenomes } from './baseline-genomes.ts';
import { describe } from './describe.ts';
import type { Genome } from './genome.ts';
import { mutate } from './mutate.ts';
import { nameOf } from './name.ts';
import { predict } from './predict.ts';
import { arbitraryGenome } from './testing/genomes.ts';

const deltaNet: Genome = baselineGenomes['delta-net'];
const parent = { name: 'delta-net', genome: deltaNet, merit: 0.5 };
const reflecting: Genome = { ...deltaNet, write: { kind: 'delta', maxRate: 2 } };

suite('a name', () => {
  test('is a short slug that two different genomes hardly share', () => {
    fc.assert(
      fc.property(arbitraryGenome, arbitraryGenome, (one, other) => {
        expect(nameOf(one)).toMatch(/^[a-z]+(?:-[a-z]+)*-[0-9a-f]{4}$/);
        expect(nameOf(one).length).toBeLessThanOrEqual(90);
        if (JSON.stringify(one) !== JSON.stringify(other)) expect(nameOf(one)).not.toBe(nameOf(other));
      }),
      { numRuns: 200, seed: 4 },
    );
  });
});

suite('a motivation', () => {
  test('names the parent, the change, its reason, and the estimates it rests on', () => {
    const { motivation } = describe(
      reflecting,
      { kind: 'mutation', parent },
      { 'write=delta-2': 0.08, 'write=delta': 0.01 },
    );
    expect(motivation).toContain('delta-net (merit 0.500)');
    expect(motivation).toContain('replaces the delta rule by the delta rule with beta in (0, 2)');
    expect(motivation).toContain('write delta -> delta-2 +0.070');
  });

  test('says so when nothing measured supports the change, instead of inventing support', () => {
    const { motivation } = describe(reflecting, { kind: 'mutation', parent }, { 'heads=half': 0.3 });
    expect(motivation).toContain('No measured effect');
    expect(motivation).not.toContain('0.3');
  });

  test('is two to five sentences for any origin', () => {
    fc.assert(
      fc.property(arbitraryGenome, arbitraryGenome, fc.nat({ max: 1000 }), (one, other, seed) => {
        const first = { name: nameOf(one), genome: one, merit: 0.4 };
        const second = { name: nameOf(other), genome: other, merit: null };
        const child = mutate(one, { random: seededRandom(seed) }).genome;
        for (const { motivation } of [
          describe(child, { kind: 'draw' }),
          describe(child, { kind: 'mutation', parent: first }),
          describe(child, { kind: 'crossover', parents: [first, second] }),
        ]) {
          const sentences = motivation.match(/[^.]\.(?= [A-Z]|$)/g)?.length ?? 0;
          expect(sentences).toBeGreaterThanOrEqual(2);
          expect(sentences).toBeLessThanOrEqual(5);
          expect(motivation).not.toMatch(/undefined|null|NaN/);
        }
      }),
      { numRuns: 100 },
    );
  });
});

suite('a prediction', () => {
  test('adds up the estimated effects of what changed', () => {
    const prediction = predict(reflecting, parent, { 'write=delta-2': 0.08, 'write=delta': 0.01, 'heads=half': 1 });
    expect(prediction).toMatchObject({ direction: 'better', metric: 'merit', size: 0.07 });
    expect(prediction.mechanism).toContain('parities');
    expect(predict(reflecting, parent, { 'write=delta-2': -0.05 })).toMatchObject({ direction: 'worse', size: 0.05 });
  });

  test('without estimates is no difference, at the confidence of a guess', () => {
    expect(predict(reflecting, parent)).toMatchObject({ direction: 'same', size: 0, confidence: 0.33 });
  });

  test('never promises more than merit can hold', () => {
    const prediction = predict(reflecting, { ...parent, merit: 0.97 }, { 'write=delta-2': 0.4 });
    expect(prediction.size).toBeCloseTo(0.03, 6);
  });

  test('is surer the more of the change is known, and never certain', () => {
    const wider: Genome = { ...reflecting, keyExpansion: 0.75 };
    const effects = { 'write=delta-2': 0.08 };
    const [known, partly] = [predict(reflecting, parent, effects), predict(wider, parent, effects)];
    expect(known.confidence).toBeGreaterThan(partly.confidence);
    expect(known.confidence).toBeLessThan(0.9);
  });

  test('obeys the contract for any genomes', () => {
    fc.assert(
      fc.property(arbitraryGenome, arbitraryGenome, (genome, other) => {
        predictionSchema.parse(predict(genome, { genome: other, merit: null }));
      }),
      { numRuns: 100 },
    );
  });
});
