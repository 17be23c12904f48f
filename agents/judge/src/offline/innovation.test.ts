import { baselineComponents } from '@asi/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { innovationOf } from './innovation.ts';

const deltaNet = baselineComponents['delta-net'] ?? [];
const withChanges = (count: number) => deltaNet.map((label, i) => (i < count ? `${label}-new` : label));

test('a copy of a baseline is no innovation', () => {
  expect(innovationOf(deltaNet, deltaNet)).toMatchObject({ score: 1, nearestBaseline: 'delta-net', rare: 0 });
});

test('the more components are new, the higher the score', () => {
  const scores = [0, 1, 3, 6, 12].map((count) => innovationOf(withChanges(count), deltaNet).score);
  expect([...scores].sort((a, b) => a - b)).toEqual(scores);
  expect(scores.at(-1)).toBe(10);
});

test('a child that turns into another baseline is far from its parent but nothing new', () => {
  const gated = baselineComponents['gated-delta-net'] ?? [];
  const towardsBaseline = innovationOf(gated, deltaNet);
  const elsewhere = innovationOf(withChanges(2), deltaNet);
  expect(towardsBaseline).toMatchObject({ fromBaselines: 0, rare: 0 });
  expect(towardsBaseline.score).toBeLessThan(elsewhere.score);
});

test('a parent of unknown components earns no bonus', () => {
  expect(innovationOf(withChanges(2), []).score).toBeLessThanOrEqual(innovationOf(withChanges(2), deltaNet).score);
});

test('scores stay on the scale for any labels', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), fc.option(fc.array(fc.string())), (own, parent) => {
      const { score } = innovationOf(own, parent);
      expect(score >= 1 && score <= 10).toBe(true);
    }),
  );
});
