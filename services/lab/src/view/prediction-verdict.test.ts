import { predictionWords } from '@asi/contracts';
import { expect, test } from 'vitest';
import { predictionVerdict } from './prediction-verdict.ts';

test('a prediction of no change is told in a sentence, without a size that it does not have', () => {
  expect(predictionWords({ direction: 'same', size: 0 })).toBe('the same merit as its parent');
  expect(predictionWords({ direction: 'worse', size: 0.05 })).toBe('worse than its parent by 0.050 merit');
});

test('what noise leaves open is never told as if no difference had been seen', () => {
  expect(predictionVerdict({ direction: 'same' }, 'undecided')).toContain('leaves room for a difference');
  expect(predictionVerdict({ direction: 'better' }, 'undecided')).toContain('inside the noise');
});
