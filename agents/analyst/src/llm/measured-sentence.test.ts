import { expect, test } from 'vitest';
import { founded } from '../testing/llm-house.ts';
import { measuredSentence } from './measured-sentence.ts';

const effect = {
  ...{ id: 'e', about: '', measure: 'language-model', other: 'c001-b01', subjects: null },
  ...{ difference: 0.3, low: 0.1, high: 0.5 },
};
const claim = { ...founded, subject: 'write=g', statement: 'Parity is solved.' };

test('what is founded comes from the measurements, and not a word of it from the model', () => {
  expect(measuredSentence({ claim, effect })).toBe(
    'Measured: with write=g language-model is better than c001-b01 by 0.300 [0.100, 0.500].',
  );
  const worse = { ...effect, difference: -0.3, low: -0.5, high: -0.1 };
  // The direction is that of the measurement, whatever is claimed.
  expect(measuredSentence({ claim: { ...claim, subject: 'design', direction: 'better' }, effect: worse })).toBe(
    'Measured: language-model is worse than c001-b01 by 0.300 [0.100, 0.500].',
  );
});
