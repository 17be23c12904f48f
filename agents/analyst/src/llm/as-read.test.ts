import { expect, test } from 'vitest';
import { asRead } from './as-read.ts';
import { sizeInWords } from './size-in-words.ts';

test.each([
  ['Recall improves by 0.\u200b2 with it.', 'it states a size'],
  ['Recall is sig\u00adnificantly better.', 'more than chance'],
  ['Recall is _significantly_ better.', 'more than chance'],
  ['Recall is 0.31, that of _slow_-state 0.22.', 'another design'],
])('a size is not hidden by what no reader sees, or by emphasis: %j', (text, why) => {
  expect(sizeInWords(text, [0.31, 0.22], ['slow-state'])).toContain(why);
});

test('words that are parted by an underscore, and products, stay as they are', () => {
  const text = 'The noisy_recall of d_model is 2*d wide\n\tin each head.';
  expect(asRead(text)).toBe(text);
});

test('a run of marks does not take time by its square', () => {
  for (const mark of ['_', '*', '\u00ad', '_a', 'a*']) asRead(`a${mark.repeat(300_000)}b`);
});
