import { expect, test } from 'vitest';
import { createOpenedOrdinals } from './opened-ordinals.ts';

test('a candidate that was not opened is the next one, however many were opened after it', () => {
  const opened = createOpenedOrdinals();
  const upTo = [1, 3, 5, 4, 2, 2, 7].map((ordinal) => {
    opened.add(ordinal);
    return opened.upTo();
  });
  expect(upTo).toEqual([1, 1, 1, 1, 5, 5, 5]);
});
