import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { familyLevel, levelOf, lookLevels, looksFor } from './spending.ts';

describe('the levels', () => {
  it('add up to 5 % over a life of any length, and no later confirmation touches an earlier one', () => {
    const orders = Array.from({ length: 200_000 }, (_, index) => index + 1);
    const spent = orders.reduce((sum, order) => sum + levelOf(order), 0);
    expect(spent).toBeLessThan(familyLevel);
    // What is left is the tail of the sum: the integral of j^-1.6.
    expect(spent + (familyLevel / 2.285765666) * (200_000 ** -0.6 / 0.6)).toBeCloseTo(familyLevel, 7);
    for (const order of [0, -1, 1.5, Number.NaN]) expect(() => levelOf(order)).toThrow(RangeError);
  });

  it('spend over the looks exactly what the confirmation may spend', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 1000 }), (pairs, order) => {
        const looks = looksFor(pairs);
        expect(looks.at(-1)).toBe(pairs);
        expect(looks).toEqual([...new Set(looks)].sort((a, b) => a - b));
        expect(looks[0]).toBeGreaterThanOrEqual(Math.min(3, pairs));
        const levels = lookLevels(levelOf(order), looks, 'larger-spread');
        expect(levels.every((one) => one > 0)).toBe(true);
        expect(levels.reduce((sum, one) => sum + one, 0)).toBeCloseTo(levelOf(order), 15);
      }),
    );
    expect(looksFor(8)).toEqual([3, 5, 8]);
    expect(() => looksFor(0)).toThrow(RangeError);
  });
});
