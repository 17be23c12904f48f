import { expect, test } from 'vitest';
import { createOrderedSerial } from './serial.ts';

test('of what waits, the lowest place comes first, one at a time, whatever an earlier one threw', async () => {
  const serial = createOrderedSerial();
  const begun: number[] = [];
  let atOnce = 0;
  const work = (place: number) =>
    serial(place, async () => {
      expect(++atOnce).toBe(1);
      begun.push(place);
      await new Promise((resolve) => setTimeout(resolve, 1));
      atOnce--;
      if (place === 3) throw new Error('three');
      return place;
    });
  const ends = await Promise.allSettled([4, 3, 1, 2].map(work));
  expect(begun).toEqual([4, 1, 2, 3]);
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  expect(await work(9)).toBe(9);
});
