import { expect, test } from 'vitest';
import { nothingRanked } from './nothing-ranked.ts';

const measured = {
  id: 'c001-b01',
  kind: 'baseline',
  name: 'delta-net',
  ordinal: null,
  parentId: null,
  state: 'measured',
  since: '2026-01-01T00:00:00.000Z',
  attempt: 1,
} as const;

test('a paused campaign whose baselines all failed does not name what is under way: nothing is, and nothing will be unasked', () => {
  expect(nothingRanked({ state: 'paused', inFlight: [] })).toBe('nothing has a result yet, and nothing is under way');
  expect(nothingRanked({ state: 'paused', inFlight: [measured] })).toContain('what is measured and waits');
});

test('a campaign that is over has nothing under way, even where the end of its runs is not written yet', () => {
  for (const state of ['cancelled', 'finished'] as const)
    expect(nothingRanked({ state, inFlight: [measured] })).toMatch(/^nothing has a result: .* are /);
});
