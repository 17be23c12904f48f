import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reference } from '../testing/judge-command.ts';
import { performanceOf } from './performance.ts';

test('DeltaNet is five and the best linear baseline ten, by measurement and not by persuasion', () => {
  expect(performanceOf(0.5, reference()).score).toBe(5);
  expect(performanceOf(0.7, reference())).toMatchObject({ score: 10, best: 'gated-delta-net' });
  expect(performanceOf(0.6, reference()).score).toBeCloseTo(7.5);
});

test('scores stay between one and ten and never fall as merit rises', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (a, b) => {
      const [low, high] = [
        performanceOf(Math.min(a, b), reference()).score,
        performanceOf(Math.max(a, b), reference()).score,
      ];
      expect(low).toBeLessThanOrEqual(high);
      expect(low).toBeGreaterThanOrEqual(1);
      expect(high).toBeLessThanOrEqual(10);
    }),
  );
});

test('where DeltaNet is the best baseline, a lucky seed is not a ten', () => {
  const close = reference({ 'gated-delta-net': 0.49 }, 0.05);
  expect(performanceOf(0.55, close).score).toBeLessThan(7);
});

test('a merit that is not a number scores lowest', () => {
  expect(performanceOf(Number.NaN, reference()).score).toBe(1);
});
