import { expect, test } from 'vitest';
import { pageModule } from './page-module.ts';

type Format = (value: unknown, digits?: number) => string;
const { fixed, signed, compact } = await pageModule<{ fixed: Format; signed: Format; compact: Format }>(
  'format/numbers.mjs',
);

test('a number that is not finite is shown as such and never as a blank or a zero', () => {
  expect(['NaN', 'Infinity', '-Infinity', null, undefined].map((value) => fixed(value))).toEqual([
    'NaN',
    '∞',
    '−∞',
    '–',
    '–',
  ]);
});

test('a difference that rounds to zero has no sign', () => {
  expect([0.0004, -0.0004, 0.0016, -0.0016].map((value) => signed(value))).toEqual([
    '0.000',
    '0.000',
    '+0.002',
    '−0.002',
  ]);
});

test('large numbers keep three digits at every change of prefix', () => {
  expect([999, 1000, 999_499, 999_999, 1_049_000].map((value) => compact(value))).toEqual([
    '999',
    '1.00 k',
    '999 k',
    '1.00 M',
    '1.05 M',
  ]);
});
