import { cancelled, paused, retryable, terminal } from '@asi/contracts';
import { expect, test } from 'vitest';
import { beside, gravestOf } from './beside.ts';

const lost = (...errors: readonly unknown[]) => errors.map((error) => ({ input: null, error }));
const cap = paused('spending-capped', 'the cap is reached');
const key = terminal('model-rejected', 'wrong key');
const away = retryable('model-unavailable', 'try again');

test('a cap is found among failures and a wrong key among outages, in whatever order they come', () => {
  expect(gravestOf(lost(away, cap, key))).toBe(cap);
  expect(gravestOf(lost(key, away, cap))).toBe(cap);
  expect(gravestOf(lost(away, key))).toBe(key);
  expect(gravestOf(lost(away, cap, cancelled('model-cancelled', 'withdrawn')))).toMatchObject({ kind: 'cancelled' });
});

test('a defect goes before all: it must not hide behind what can be tried again', () => {
  const defect = new TypeError('undefined is not a function');
  expect(gravestOf(lost(cap, defect, away))).toBe(defect);
});

test('a node that fails tells its error with what it was given, and one that does not is as it was', async () => {
  const half = beside(async ({ number }: { number: number }) => {
    if (number % 2 === 1) throw away;
    return { half: number / 2 };
  });
  expect(await half({ number: 4 })).toEqual({ half: 2 });
  expect(await half({ number: 3 })).toEqual({ lost: { input: { number: 3 }, error: away } });
});
