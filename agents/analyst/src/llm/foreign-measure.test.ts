import { expect, test } from 'vitest';
import { foreignMeasure } from './foreign-measure.ts';

const measures = ['merit', 'parity', 'noisy-recall', 'recall', 'language-model'];

test.each([
  ['Parity is solved by the gate.', 'parity'],
  ["The gate makes parity's curve fall.", 'parity'],
  ['Noisy recall is what the gate is for.', 'noisy-recall'],
  ['The gate makes noisy_recall and the language-model loss better.', 'noisy-recall'],
  ['Merit follows.', 'merit'],
  ['The gate solves par\u00adity.', 'parity'],
  ['The gate solves pa\u200brity\u2060.', 'parity'],
  ['The gate solves _parity_.', 'parity'],
  ['The gate solves __parity__ and *recall*.', 'parity'],
  ['The gate makes noisy *recall* better.', 'noisy-recall'],
  ['The parity_task is solved by the gate.', 'parity'],
])('what was measured of one task founds nothing of another, however its name is written: %s', (text, name) => {
  expect(foreignMeasure(text, ['language-model'], measures)).toBe(name);
});

test.each([
  'The gate makes the language model better.',
  'Language-Model loss falls since the state keeps old tokens.',
  'Without the gate it is worse.',
  'The state is merited by no disparity.',
  'It recalls more keys.',
])('a text about what it rests on, or about the mechanism, may stand: %s', (text) => {
  expect(foreignMeasure(text, ['language-model'], measures)).toBeNull();
});

test('a longer name that holds a shorter one is not taken for it', () => {
  for (const name of ['Noisy recall', 'noisy _recall_', '**noisy**-**recall**', 'noisy\u00ad-recall'])
    expect(foreignMeasure(`${name} is better.`, ['noisy-recall'], measures)).toBeNull();
});
