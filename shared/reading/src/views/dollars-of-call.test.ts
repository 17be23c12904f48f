import { expect, test } from 'vitest';
import { sampleCall } from '../testing/index.ts';
import { dollarsOfCall } from './dollars-of-call.ts';

const usage = { input: 1_000_000, output: 0, cached: 0, reasoning: 0 };
const prices = { m: { input: 2, cachedInput: null, output: 8 } };
const of = (change: object) => dollarsOfCall(sampleCall('c001-0001', 'x', { model: 'm', ...change }), prices);

test('a call is told in dollars by one rule, or the list of calls and their sum contradict one another', () => {
  // What was told stays; what had no price then has that of now.
  expect(of({ usage, dollars: 0.5 })).toBe(0.5);
  expect(of({ usage, dollars: null })).toBe(2);
  // Refused: nothing was paid, whatever it would have cost.
  expect(of({ usage: null, dollars: null, state: 'failed', model: 'without-price' })).toBe(0);
  expect(of({ usage, dollars: null, model: 'without-price' })).toBeNull();
  expect(of({ usage: null, dollars: null, state: 'answered' })).toBeNull();
  expect(of({ usage: null, dollars: null, state: 'open' })).toBeNull();
});
