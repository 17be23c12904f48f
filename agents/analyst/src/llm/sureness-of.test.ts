import { expect, test } from 'vitest';
import { surenessOf } from './sureness-of.ts';

test.each([
  ['above, with a longer reach away from zero', { difference: 0.1, low: 0, high: 0.3 }],
  ['below, with a longer reach towards zero', { difference: -0.1, low: -0.15, high: 0 }],
  ['below, with an equal reach', { difference: -0.1, low: -0.2, high: 0 }],
])(
  'an effect whose interval just touches zero is no surer than 97.5 %%, on whichever side it lies: %s',
  (_, effect) => {
    expect(surenessOf(effect)).toBeCloseTo(0.975, 3);
  },
);

test('an interval without any width does not make the sureness a number that is none', () => {
  expect(surenessOf({ difference: 0.1, low: 0.1, high: 0.1 })).toBe(1);
  expect(surenessOf({ difference: 0, low: 0, high: 0 })).toBe(0.5);
});
