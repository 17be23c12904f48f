import fc from 'fast-check';
import { expect, test } from 'vitest';
import { likeness, standardised } from './standardised.ts';

/** Pearson's correlation by its definition, for comparison. */
function pearson(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const covariance = (a: readonly number[], b: readonly number[]) =>
    mean(a.map((value, i) => (value - mean(a)) * ((b[i] ?? 0) - mean(b))));
  return covariance(x, y) / Math.sqrt(covariance(x, x) * covariance(y, y));
}

const segment = fc
  .array(fc.integer({ min: -1000, max: 1000 }), { minLength: 6, maxLength: 6 })
  .filter((values) => new Set(values).size > 1);
const fingerprint = fc.array(segment, { minLength: 3, maxLength: 3 });

test('the likeness is the smallest correlation over the segments', () => {
  fc.assert(
    fc.property(fingerprint, fingerprint, (a, b) => {
      const expected = Math.min(...a.map((one, i) => pearson(one, b[i] ?? [])));
      expect(likeness(standardised(a), standardised(b))).toBeCloseTo(expected, 5);
    }),
  );
});

test('scaling and shifting an output does not hide a twin', () => {
  fc.assert(
    fc.property(fingerprint, fc.double({ min: 0.01, max: 100, noNaN: true }), (a, factor) => {
      const moved = a.map((one) => one.map((value) => value * factor + 3));
      expect(likeness(standardised(a), standardised(moved))).toBeGreaterThan(0.9999);
    }),
  );
});

test('two programs without any memory, whose impulse response is constant, can still be twins', () => {
  const a = standardised([
    [1, 2, 4],
    [5, 5, 5],
  ]);
  expect(
    likeness(
      a,
      standardised([
        [2, 4, 8],
        [7, 7, 7],
      ]),
    ),
  ).toBeCloseTo(1, 5);
  expect(
    likeness(
      a,
      standardised([
        [2, 4, 8],
        [7, 7, 8],
      ]),
    ),
  ).toBe(0);
});

test('numbers that are not finite make nobody a twin', () => {
  const broken = standardised([
    [1, Number.NaN, 2],
    [1, 2, 3],
  ]);
  expect(likeness(broken, broken)).toBe(0);
});

test('fingerprints of another trainer version, with another shape, are not compared', () => {
  expect(likeness(standardised([[1, 2, 3]]), standardised([[1, 2, 3, 4]]))).toBe(0);
  expect(likeness(standardised([]), standardised([]))).toBe(0);
});
