import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultBackOff, delayAfter } from './back-off.ts';

test('a process that keeps failing is started ever more rarely, never less often than the longest wait', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8].map((ends) => delayAfter(defaultBackOff, ends))).toEqual([
    250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000,
  ]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), (ends) => {
      const delay = delayAfter(defaultBackOff, ends);
      expect(delay).toBeLessThanOrEqual(defaultBackOff.longestMilliseconds);
      expect(delay).toBeLessThanOrEqual(delayAfter(defaultBackOff, ends + 1));
    }),
  );
});
