import { expect, test } from 'vitest';
import { printable, printableLines } from './printable.ts';

const hostile = ['\u001b', '\u0007', '\u009b', '\u202a', '\u202e', '\u2066', '\u2069', '\u200e', '\u200f', '\u061c'];

test.each(hostile)(
  '%j of a text by others does not reach a terminal, which it would make show something else',
  (one) => {
    expect(printable(`exe${one}gpj.\r\nnext`)).toBe('exe gpj. next');
    expect(printableLines(`exe${one}\tgpj.\nnext`)).toBe('exe·\tgpj.\nnext');
  },
);

test('letters of all scripts, joiners of emoji and dashes stay', () => {
  const text = 'Größe – 漢字 שלום 👩‍🔬 – −1';
  expect([printable(text), printableLines(text)]).toEqual([text, text]);
});
