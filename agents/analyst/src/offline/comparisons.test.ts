import { expect, test } from 'vitest';
import { history, reference } from '../testing/analyse-command.ts';
import { comparisonsOf } from './comparisons.ts';

const subject = { components: ['write=delta-2', 'decay=none'], merit: 0.6 };
const none = { grandparent: null, siblings: [], reference: reference() };

test('a difference counts as on the leaderboard: beyond what an estimated deviation explains, not a known one', () => {
  // noise 0.04, estimated with 6 degrees of freedom: the limit is 2.447 * 0.04 * sqrt(2) = 0.1384
  const against = (merit: number) => comparisonsOf(subject, { ...none, parent: history('p', merit) })[0]?.beyondNoise;
  expect([against(0.6 - 0.138), against(0.6 - 0.139), against(0.6 + 0.139)]).toEqual([false, true, true]);
});

test('a mean of several seeds is known better than one run', () => {
  const baselines = comparisonsOf({ ...subject, merit: 0.614 }, { ...none, parent: history('p', null) });
  // three seeds of DeltaNet at 0.5: the limit is 2.447 * 0.04 * sqrt(1 + 1/3) = 0.1130
  expect(baselines.find((one) => one.name === 'delta-net')?.beyondNoise).toBe(true);
});

test('what was changed is named, and nothing is named against a relative of unknown components', () => {
  const known = comparisonsOf(subject, { ...none, parent: history('p', 0.5, ['write=delta', 'decay=none']) })[0];
  const unknown = comparisonsOf(subject, { ...none, parent: history('p', 0.5, []) })[0];
  expect([known?.changedComponents, unknown?.changedComponents]).toEqual([['write=delta-2'], []]);
});

test('a relative that was not measured is no comparison', () => {
  const all = comparisonsOf(subject, { ...none, parent: history('p', null), siblings: [history('s', 0.4)] });
  expect(all.map((one) => one.relation)).toEqual(['sibling', 'baseline', 'baseline', 'baseline', 'baseline']);
});
