import { expect, test } from 'vitest';
import { stemOf, tokensOf } from './tokens.ts';

test('forms of a word meet in one stem', () => {
  for (const forms of [
    ['gate', 'gates', 'gated', 'gating'],
    ['decay', 'decays', 'decayed', 'decaying'],
    ['eigenvalue', 'eigenvalues'],
    ['normalise', 'normalised', 'normalising'],
    ['convolution', 'convolutions'],
    ['query', 'queries'],
    ['forget', 'forgetting', 'forgets'],
    ['reflect', 'reflects', 'reflected'],
  ]) {
    expect(new Set(forms.map(stemOf)).size, forms.join()).toBe(1);
  }
});

test('different words keep different stems', () => {
  const words = [
    'key',
    'keep',
    'state',
    'static',
    'router',
    'rotary',
    'delta',
    'delay',
    'recall',
    'recurrent',
    'loss',
    'long',
  ];
  expect(new Set(words.map(stemOf)).size).toBe(words.length);
});

test('words that every text has are not compared', () => {
  expect(tokensOf('The state of the head is NOT erased').map(({ word }) => word)).toEqual(['state', 'head', 'erased']);
});
