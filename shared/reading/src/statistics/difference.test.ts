import { seededRandom, studentQuantile95 } from '@asi/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { differenceOf } from './difference.ts';

/** Normal deviates by Box and Muller. */
function normals(seed: string): () => number {
  const random = seededRandom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

test('of identical models about one in twenty is called different, although the noise is only estimated', () => {
  const normal = normals('false alarms');
  const trials = 4000;
  const seeds = [3, 3, 3, 2, 2];
  let alarms = 0;
  for (let trial = 0; trial < trials; trial++) {
    const groups = seeds.map((count) => Array.from({ length: count }, () => 0.5 + 0.04 * normal()));
    const means = groups.map((group) => group.reduce((sum, one) => sum + one, 0) / group.length);
    const squares = groups.flatMap((group, index) => group.map((one) => (one - (means[index] ?? 0)) ** 2));
    const degreesOfFreedom = squares.length - groups.length;
    const deviation = Math.sqrt(squares.reduce((sum, one) => sum + one, 0) / degreesOfFreedom);
    const candidate = { mean: 0.5 + 0.04 * normal(), runs: 1 };
    const { verdict } = differenceOf(candidate, { mean: means[0] ?? 0, runs: 3 }, { deviation, degreesOfFreedom });
    if (verdict !== 'inside-noise') alarms++;
  }
  // Binomial standard deviation of the rate: 0.0034.
  expect(alarms / trials).toBeGreaterThan(0.036);
  expect(alarms / trials).toBeLessThan(0.064);
});

test('without any degree of freedom nothing is ever called better', () => {
  const { low, high, verdict } = differenceOf(
    { mean: 1, runs: 1 },
    { mean: 0, runs: 1 },
    { deviation: 0, degreesOfFreedom: 0 },
  );
  expect([low, high, verdict]).toEqual([0, 1, 'inside-noise']);
});

test('the verdict says whether the interval excludes zero, and more runs never widen it', () => {
  const merit = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      merit,
      merit,
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 40 }),
      (one, other, runs, degreesOfFreedom) => {
        const noise = { deviation: 0.05, degreesOfFreedom };
        const few = differenceOf({ mean: one, runs }, { mean: other, runs: 3 }, noise);
        const more = differenceOf({ mean: one, runs: runs + 1 }, { mean: other, runs: 3 }, noise);
        expect(few.low).toBeLessThanOrEqual(few.value);
        expect(few.high).toBeGreaterThanOrEqual(few.value);
        expect(more.high - more.low).toBeLessThanOrEqual(few.high - few.low);
        expect(few.verdict).toBe(few.low > 0 ? 'better' : few.high < 0 ? 'worse' : 'inside-noise');
      },
    ),
  );
});

test('the quantile falls towards that of the normal distribution', () => {
  for (let freedom = 1; freedom < 400; freedom++)
    expect(studentQuantile95(freedom + 1)).toBeLessThan(studentQuantile95(freedom));
  expect(studentQuantile95(10_000)).toBeCloseTo(1.96, 3);
  expect(studentQuantile95(60)).toBeCloseTo(2.0003, 2);
});
