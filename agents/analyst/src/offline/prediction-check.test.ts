import type { Prediction } from '@asi/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkPrediction } from './prediction-check.ts';

const predicted = (direction: Prediction['direction'], size = 0.1): Prediction => ({
  direction,
  metric: 'merit',
  size,
  mechanism: 'm',
  confidence: 0.5,
});
const noise = { merit: 0.04, degreesOfFreedom: 8 };
const quiet = { merit: 0.001, degreesOfFreedom: 8 };

test('luck decides nothing: a predicted gain inside the noise stays undecided', () => {
  expect(checkPrediction(predicted('better'), 0.6, 0.55, noise)).toBe('undecided');
  expect(checkPrediction(predicted('worse'), 0.6, 0.55, noise)).toBe('undecided');
});

test('beyond the noise the direction decides', () => {
  expect(checkPrediction(predicted('better'), 0.8, 0.5, noise)).toBe('held');
  expect(checkPrediction(predicted('worse'), 0.8, 0.5, noise)).toBe('failed');
  expect(checkPrediction(predicted('same', 0), 0.8, 0.5, noise)).toBe('failed');
});

test('ignorance confirms nothing: no predicted change is undecided inside an interval wider than what counts as none', () => {
  expect(checkPrediction(predicted('same', 0), 0.5, 0.5, noise)).toBe('undecided');
  expect(checkPrediction(predicted('same', 0), 0.502, 0.5, quiet)).toBe('held');
  // 0.008 +- 0.003: it may be more than 0.01, but it is more than nothing.
  expect(checkPrediction(predicted('same', 0), 0.508, 0.5, quiet)).toBe('failed');
});

test('a predicted gain fails where the interval has room for none', () => {
  expect(checkPrediction(predicted('better'), 0.501, 0.5, quiet)).toBe('failed');
});

test('without any degree of freedom every prediction is undecided', () => {
  const unknown = { merit: 0, degreesOfFreedom: 0 };
  for (const direction of ['better', 'worse', 'same'] as const)
    expect(checkPrediction(predicted(direction), 0.9, 0.1, unknown)).toBe('undecided');
});

test('more noise never decides what less noise left open', () => {
  const unit = fc.double({ min: 0, max: 1, noNaN: true });
  const direction = fc.constantFrom<Prediction['direction']>('better', 'worse', 'same');
  fc.assert(
    fc.property(unit, unit, unit, direction, (merit, parent, deviation, way) => {
      const check = (factor: number) =>
        checkPrediction(predicted(way, 0), merit, parent, { merit: factor * deviation, degreesOfFreedom: 8 });
      if (check(1) === 'undecided') expect(check(2)).toBe('undecided');
    }),
  );
});

test('nothing predicted or nothing measured is said as such', () => {
  expect(checkPrediction(null, 0.5, 0.5, noise)).toBeNull();
  expect(checkPrediction(predicted('better'), 0.5, null, noise)).toBe('undecided');
});
