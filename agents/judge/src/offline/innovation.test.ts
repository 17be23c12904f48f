import { baselineComponents } from '@asi/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { innovationOf } from './innovation.ts';

const deltaNet = baselineComponents['delta-net'] ?? [];
const known = (components: readonly string[], name = 'parent') => ({ name, components });
const withChanges = (count: number) => deltaNet.map((label, i) => (i < count ? `${label}-new` : label));

test('a copy of a baseline is no innovation', () => {
  expect(innovationOf(deltaNet, [known(deltaNet)])).toMatchObject({ score: 1, nearestBaseline: 'delta-net', rare: 0 });
});

test('the more components are new, the higher the score', () => {
  const scores = [0, 1, 3, 6, 12].map((count) => innovationOf(withChanges(count), [known(deltaNet)]).score);
  expect([...scores].sort((a, b) => a - b)).toEqual(scores);
  expect(scores.at(-1)).toBe(10);
});

test('a child that turns into another baseline is far from its parent but nothing new', () => {
  const gated = baselineComponents['gated-delta-net'] ?? [];
  const towardsBaseline = innovationOf(gated, [known(deltaNet)]);
  const elsewhere = innovationOf(withChanges(2), [known(deltaNet)]);
  expect(towardsBaseline).toMatchObject({ fromBaselines: 0, rare: 0 });
  expect(towardsBaseline.score).toBeLessThan(elsewhere.score);
});

test('to be unlike every baseline is worth 0.4 of the scale, to be unlike the family 0.3: a child far from its parent is not new by that', () => {
  const own = ['write=own', 'decay=own'];
  const others = ['write=other', 'decay=other'];
  const score = (family: readonly string[], baseline: readonly string[]) =>
    innovationOf(own, [known(family)], { only: baseline }).score;
  expect(score(own, own)).toBe(1);
  expect(score(others, own)).toBeCloseTo(1 + 0.3 * 9, 9);
  expect(score(own, others)).toBeCloseTo(1 + 0.4 * 9, 9);
  expect(score(others, others)).toBe(10);
});

test('a parent of unknown components earns no bonus', () => {
  expect(innovationOf(withChanges(2), [known([])]).score).toBeLessThanOrEqual(
    innovationOf(withChanges(2), [known(deltaNet)]).score,
  );
});

test('what a sibling tried already is not new again, however far it is from the parent', () => {
  const parent = known(deltaNet);
  const own = withChanges(4);
  const alone = innovationOf(own, [parent]);
  const late = innovationOf(own, [parent, known(withChanges(4), 'sibling')]);
  expect(late).toMatchObject({ nearestRelative: 'sibling', fromFamily: 0, rare: 0 });
  expect(late.score).toBeLessThan(alone.score);
});

test('more relatives never make a design newer', () => {
  const family = fc.array(fc.subarray(withChanges(9).concat(deltaNet)), { maxLength: 5 });
  fc.assert(
    fc.property(fc.subarray(withChanges(9), { minLength: 1 }), family, family, (own, some, more) => {
      const few = [known(deltaNet), ...some.map((one) => known(one))];
      const many = [...few, ...more.map((one) => known(one))];
      expect(innovationOf(own, many).score).toBeLessThanOrEqual(innovationOf(own, few).score);
    }),
  );
});

test('scores stay on the scale for any labels', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), fc.array(fc.array(fc.string())), (own, family) => {
      const { score } = innovationOf(
        own,
        family.map((one) => known(one)),
      );
      expect(score >= 1 && score <= 10).toBe(true);
    }),
  );
});
