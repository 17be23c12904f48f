import type { Prediction } from '@asi/contracts';
import { expect, test } from 'vitest';
import { checkPrediction } from './prediction-check.ts';

const predicted = (direction: Prediction['direction']): Prediction => ({
  direction,
  metric: 'merit',
  size: 0.1,
  mechanism: 'm',
  confidence: 0.5,
});

test('luck decides nothing: a predicted gain inside the noise stays undecided', () => {
  expect(checkPrediction(predicted('better'), 0.6, 0.55, 0.04)).toBe('undecided');
  expect(checkPrediction(predicted('worse'), 0.6, 0.55, 0.04)).toBe('undecided');
});

test('beyond the noise the direction decides', () => {
  expect(checkPrediction(predicted('better'), 0.8, 0.5, 0.04)).toBe('held');
  expect(checkPrediction(predicted('worse'), 0.8, 0.5, 0.04)).toBe('failed');
  expect(checkPrediction(predicted('same'), 0.8, 0.5, 0.04)).toBe('failed');
});

test('no predicted change holds as long as none can be seen', () => {
  expect(checkPrediction(predicted('same'), 0.55, 0.5, 0.04)).toBe('held');
});

test('nothing predicted or nothing measured is said as such', () => {
  expect(checkPrediction(null, 0.5, 0.5, 0.04)).toBeNull();
  expect(checkPrediction(predicted('better'), 0.5, null, 0.04)).toBe('undecided');
});
