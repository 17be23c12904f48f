import fc from 'fast-check';
import { expect, test } from 'vitest';
import { totalOf as offlineTotal, weights as offlineWeights } from '../offline/rubric.ts';
import { totalOf, weights } from './rubric.ts';

test('weights add up to one', () => {
  expect(Object.values(weights).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1);
});

test('a total of this rubric is on the scale of the offline one: of a design that converges as well as it performs it is the same', () => {
  const points = fc.integer({ min: 10, max: 100 }).map((tenths) => tenths / 10);
  fc.assert(
    fc.property(points, points, points, (performance, innovation, complexity) => {
      const total = totalOf({ performance, innovation, complexity, convergence: performance });
      expect(total).toBeCloseTo(offlineTotal({ performance, innovation, complexity }), 2);
    }),
  );
});

test('curves that are made up move a total by less than one point of ten', () => {
  const measured = { performance: 3, innovation: 5, complexity: 5 };
  expect(totalOf({ ...measured, convergence: 10 }) - totalOf({ ...measured, convergence: 1 })).toBeLessThan(1);
  expect(weights.performance).toBeLessThan(offlineWeights.performance);
});
