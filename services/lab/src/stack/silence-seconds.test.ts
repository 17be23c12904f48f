import { expect, test } from 'vitest';
import { silenceSecondsOf } from './silence-seconds.ts';

test.each([
  [undefined, 60],
  ['', 60],
  ['0', 0],
  ['15', 15],
  ['600', 600],
])('ASI_SILENCE_SECONDS=%s is a silence of %i s', (text, seconds) => {
  expect(silenceSecondsOf(text === undefined ? {} : { ASI_SILENCE_SECONDS: text })).toBe(seconds);
});

test.each(['5', '-1', 'soon', 'Infinity'])(
  'ASI_SILENCE_SECONDS=%s, which would kill what is only busy or means nothing, is refused',
  (text) => {
    expect(() => silenceSecondsOf({ ASI_SILENCE_SECONDS: text })).toThrow(/ASI_SILENCE_SECONDS=.*at least 15/);
  },
);
