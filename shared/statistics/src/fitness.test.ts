import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundedGain, fitnessOf, judgeScore } from './fitness.ts';

/** DeltaNet of the published code: loss 4.575, benchmark 0.224, a band of 10 % each. */
const paperScale = { baseline: { languageModelLoss: 4.575, battery: 0.224 }, band: { loss: 0.4575, battery: 0.0224 } };

describe('fitness', () => {
  it('reproduces the published score of DeltaNet to the last digit, so that published trees can be recomputed', () => {
    const fitness = fitnessOf({ languageModelLoss: 4.5787, battery: 2.908 / 13 }, paperScale, { total: 7.05 });
    expect(fitness.loss).toBeCloseTo(0.487871, 6);
    expect(fitness.benchmark).toBeCloseTo(0.479407, 6);
    expect(fitness.judge).toBeCloseTo(0.672222, 6);
    expect((fitness.total ?? 0) * 3).toBeCloseTo(1.6395007141866111, 12);
  });

  it('spans exactly the published range of one sigmoid', () => {
    expect(boundedGain(1e9, 1)).toBeCloseTo(0.99753, 5);
    expect(boundedGain(-1e9, 1)).toBeCloseTo(0.00247, 5);
    expect(judgeScore(1)).toBe(0);
    expect(judgeScore(10)).toBe(1);
  });

  it('gives a diverged or missing loss the worst score, where the published code gives it the best', () => {
    for (const loss of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(fitnessOf({ languageModelLoss: loss, battery: 0.224 }, paperScale, null).loss).toBeCloseTo(0.00247, 5);
    }
  });

  it('never rewards a worse measurement', () => {
    const number = fc.double({ min: 0.01, max: 10, noNaN: true });
    fc.assert(
      fc.property(number, number, number, number, (lossA, lossB, batteryA, batteryB) => {
        const a = fitnessOf(
          { languageModelLoss: Math.min(lossA, lossB), battery: Math.max(batteryA, batteryB) },
          paperScale,
          { total: 5 },
        );
        const b = fitnessOf(
          { languageModelLoss: Math.max(lossA, lossB), battery: Math.min(batteryA, batteryB) },
          paperScale,
          { total: 5 },
        );
        expect(a.total ?? 0).toBeGreaterThanOrEqual(b.total ?? 0);
      }),
    );
  });

  it('flags what is too good instead of celebrating it', () => {
    expect(fitnessOf({ languageModelLoss: 4.575 - 4 * 0.4575, battery: 0.224 }, paperScale, null).suspicious).toBe(
      true,
    );
    expect(fitnessOf({ languageModelLoss: 4.575 - 0.4575, battery: 0.224 }, paperScale, null).suspicious).toBe(false);
  });

  it('takes a gain of exactly three bands as good, and only what is more as too good', () => {
    const scale = { baseline: { languageModelLoss: 4, battery: 0.5 }, band: { loss: 0.5, battery: 0.1 } };
    const isSuspicious = (languageModelLoss: number) =>
      fitnessOf({ languageModelLoss, battery: 0.5 }, scale, null).suspicious;
    expect([2.5, 2.5 - 1e-9].map(isSuspicious)).toEqual([false, true]);
  });

  it('leaves the judge out where the objective says so', () => {
    const fitness = fitnessOf({ languageModelLoss: 4.5, battery: 0.23 }, paperScale, { total: 10 }, 'merit');
    expect(fitness.total).toBe(fitness.merit);
  });
});
