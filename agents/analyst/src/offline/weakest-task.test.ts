import { weakestTask } from '@asi/statistics';
import { expect, test } from 'vitest';
import { measurement, reference } from '../testing/analyse-command.ts';

test('tasks are weighed by their own noise, and less loss is better', () => {
  // parity lags by 0.02 / 0.02 = 1 deviation, the language model by 0.05 / 0.01 = 5
  expect(weakestTask(measurement(0.63, 2.01), reference())).toMatchObject({
    task: 'language-model',
    best: { name: 'gated-delta-net' },
  });
});

test('softmax attention is no measure of what a linear mixer should reach', () => {
  expect(weakestTask(measurement(0.5, 1.9), reference())).toMatchObject({
    task: 'parity',
    best: { name: 'delta-net', value: 0.65 },
  });
});

test('a diverged task is the weakest of all', () => {
  expect(weakestTask(measurement(0.1, Number.NaN), reference())?.task).toBe('language-model');
});

test('without a common task there is nothing to say', () => {
  expect(weakestTask(measurement(0.5, 2), reference({ models: [] }))).toBeNull();
});
