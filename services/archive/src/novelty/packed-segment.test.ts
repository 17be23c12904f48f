import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packSegment, unpackSegment } from './packed-segment.ts';

test('what was packed comes back, numbers that are not finite included', () => {
  fc.assert(
    fc.property(fc.array(fc.float()), (values) => {
      expect([...unpackSegment(packSegment(values))]).toEqual(values);
    }),
  );
});
