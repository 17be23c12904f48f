import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logGamma } from './incomplete-beta.ts';
import { normalCdf } from './normal.ts';
import { studentTail, studentUpperQuantile, varianceRatioTail } from './student.ts';

const finite = (min: number, max: number) => fc.double({ min, max, noNaN: true });

/** The slow reference: Simpson's rule over the density. */
function integral(density: (x: number) => number, from: number, to: number, steps = 20_000): number {
  const step = (to - from) / steps;
  let sum = 0;
  for (let index = 0; index <= steps; index++) {
    const weight = index === 0 || index === steps ? 1 : index % 2 === 1 ? 4 : 2;
    sum += weight * density(from + index * step);
  }
  return (sum * step) / 3;
}

const studentDensity = (v: number) => (t: number) =>
  Math.exp(logGamma((v + 1) / 2) - logGamma(v / 2) - ((v + 1) / 2) * Math.log(1 + (t * t) / v)) /
  Math.sqrt(v * Math.PI);

describe('the distributions that every claim rests on', () => {
  it('have a normal distribution function that agrees with its density integrated', () => {
    fc.assert(
      fc.property(finite(-6, 6), (x) => {
        const density = (y: number) => Math.exp((-y * y) / 2) / Math.sqrt(2 * Math.PI);
        expect(normalCdf(x)).toBeCloseTo(0.5 + integral(density, 0, x, 2000), 10);
      }),
      { numRuns: 50 },
    );
    expect(normalCdf(-1.959963984540054)).toBeCloseTo(0.025, 14);
  });

  it("have Student's tail as its closed forms for one and two degrees of freedom say, far out too", () => {
    fc.assert(
      fc.property(finite(-500, 500), (t) => {
        expect(studentTail(t, 1)).toBeCloseTo(0.5 - Math.atan(t) / Math.PI, 9);
        expect(studentTail(t, 2)).toBeCloseTo(0.5 - t / (2 * Math.sqrt(2 + t * t)), 9);
      }),
    );
  });

  it("have Student's tail for any degrees of freedom as its density integrated", () => {
    fc.assert(
      fc.property(finite(0, 8), fc.integer({ min: 1, max: 60 }), (t, v) => {
        expect(studentTail(t, v)).toBeCloseTo(0.5 - integral(studentDensity(v), 0, t, 2000), 9);
      }),
      { numRuns: 40 },
    );
  });

  it('have a quantile that inverts the tail down to the levels of the thousandth confirmation', () => {
    fc.assert(
      fc.property(finite(-8, -0.31), fc.integer({ min: 1, max: 200 }), (exponent, v) => {
        const tail = 10 ** exponent;
        expect(studentTail(studentUpperQuantile(tail, v), v) / tail).toBeCloseTo(1, 6);
      }),
    );
    expect(studentUpperQuantile(0.025, 8)).toBeCloseTo(2.306, 3);
    expect(studentUpperQuantile(0.025, 0)).toBe(Number.POSITIVE_INFINITY);
  });

  it('have a variance ratio that is t squared for one degree, and turns over with its degrees', () => {
    fc.assert(
      fc.property(
        finite(0.01, 50),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 30 }),
        (f, one, other) => {
          expect(varianceRatioTail(f, 1, other)).toBeCloseTo(2 * studentTail(Math.sqrt(f), other), 10);
          expect(varianceRatioTail(f, one, other)).toBeCloseTo(1 - varianceRatioTail(1 / f, other, one), 10);
        },
      ),
    );
  });
});
