import { expect, test } from 'vitest';
import { createOrderedSerial } from './serial.ts';

test('of what waits, the lowest place comes first, one at a time, whatever an earlier one threw', async () => {
  const serial = createOrderedSerial();
  const begun: number[] = [];
  let atOnce = 0;
  const work = (place: number) =>
    serial.run(place, async () => {
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

test('a place that is expected comes before later ones that are there already, and holds nothing up once it is called off', async () => {
  const serial = createOrderedSerial();
  const begun: number[] = [];
  const work = (place: number) => serial.run(place, async () => void begun.push(place));
  const first = serial.expect(1);
  const second = serial.expect(2);
  const ends = [4, 3].map(work);
  await Promise.resolve();
  expect(begun).toEqual([]);
  second();
  expect(begun).toEqual([]);
  await work(1);
  await Promise.all(ends);
  expect(begun).toEqual([1, 3, 4]);
  first();
  const again = serial.expect(5);
  const later = work(6);
  await Promise.resolve();
  expect(begun).not.toContain(6);
  again();
  await later;
  expect(begun).toEqual([1, 3, 4, 6]);
});
