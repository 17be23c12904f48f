import { builtinMixers } from '@asi/contracts';
import { expect, test } from 'vitest';
import { sizeInWords } from './size-in-words.ts';

const own = [0.311, 0.44];
const others = [...builtinMixers, 'c001-0003', 'slow-state'];

// Where each digit, or each dash, may be the beginning of a number or the end of a word, the search ends after hours or never.
test.each([
  ['a run of digits', '1'.repeat(20_000)],
  ['a decimal that never ends', `The merit is 0.${'3'.repeat(20_000)}`],
  ['decimals without a space between them', '0.0'.repeat(7_000)],
  ['a run of dashes in a sentence that compares', `It is not ${'-'.repeat(500)} a b c d e f g better on all tasks`],
  ['a claim again and again', 'not significantly better or '.repeat(3_000)],
  ['denials without end', `${'not be shown to '.repeat(3_000)} significantly better`],
  ['a denial of words without end', `It cannot be said that ${'whether no gain in '.repeat(3_000)} is real`],
  ['chance that fails without end', 'noise alone cannot produce such a '.repeat(3_000)],
  ['multiples without end', `it doubles ${'what the parent that is '.repeat(3_000)}recalled`],
  ['dashes between words', `${'not - '.repeat(3_000)} a b c d e f g better on all tasks`],
])('one degenerate answer, %s, does not freeze the analyst until its lease is gone', (_, text) => {
  sizeInWords(text, own, others);
});

test('a comparison that is denied through words with dashes may stand', () => {
  expect(sizeInWords('It is not - as was hoped - better on all tasks.', own)).toBeNull();
  expect(sizeInWords('It is not-so-clearly better on all tasks.', own)).toBeNull();
  expect(sizeInWords('Not ---- better on all tasks.', own)).toBeNull();
});
