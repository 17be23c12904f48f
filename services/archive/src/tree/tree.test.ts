import { armNameSchema, campaignIdOf, candidateIdOf, catalogue } from '@asi/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTree, type Settled } from './tree.ts';

const settled = (campaignNumber: number, ordinal: number, overrides: Partial<Settled> = {}): Settled =>
  catalogue.settled.data.parse({
    campaignId: campaignIdOf(campaignNumber),
    campaignNumber,
    experimentId: candidateIdOf(campaignIdOf(campaignNumber), ordinal),
    kind: 'candidate',
    ordinal,
    outcome: 'completed',
    reason: null,
    name: `n${ordinal}`,
    parentId: null,
    components: ['write=delta'],
    yardstick: 'y',
    fitness: { loss: 0.5, benchmark: 0.5, judge: null, merit: 0.5, total: null, suspicious: false },
    ...overrides,
  });

const arms = ['thinking', 'control'].map((name) => armNameSchema.parse(name));
const arbitraryHistory = fc.uniqueArray(
  fc.record({
    campaignNumber: fc.integer({ min: 1, max: 3 }),
    ordinal: fc.integer({ min: 1, max: 9 }),
    yardstick: fc.constantFrom('y', 'z'),
    outcome: fc.constantFrom('completed' as const, 'rejected' as const),
    arm: fc.constantFrom(null, ...arms),
  }),
  { selector: (one) => `${one.campaignNumber}/${one.ordinal}`, maxLength: 20 },
);

test('pages are what a scan of everything would give, in whatever order things settled', () => {
  fc.assert(
    fc.property(
      arbitraryHistory,
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 0, max: 9 }),
      fc.integer({ min: 0, max: 12 }),
      fc.integer({ min: 1, max: 6 }),
      fc.constantFrom(...arms),
      (history, campaignNumber, horizon, skip, limit, arm) => {
        const tree = createTree();
        for (const { campaignNumber: c, ordinal, ...rest } of history) tree.add(settled(c, ordinal, rest));
        const visible = history
          .filter((one) => one.yardstick === 'y' && one.outcome === 'completed')
          .filter(
            (one) =>
              one.campaignNumber < campaignNumber ||
              (one.campaignNumber === campaignNumber && one.arm === arm && one.ordinal <= horizon),
          )
          .sort((a, b) => a.campaignNumber - b.campaignNumber || a.ordinal - b.ordinal);
        const page = tree.page({ yardstick: 'y', campaignNumber, horizon, arm }, skip, limit);
        expect(page.total).toBe(visible.length);
        expect(page.rows.map((row) => [row.campaignNumber, row.ordinal])).toEqual(
          visible.slice(skip, skip + limit).map((one) => [one.campaignNumber, one.ordinal]),
        );
        expect([...tree.newestFirst({ yardstick: 'y', campaignNumber, horizon, arm })]).toEqual(
          visible.reverse().map((one) => candidateIdOf(campaignIdOf(one.campaignNumber), one.ordinal)),
        );
      },
    ),
  );
});

test('the horizon is reached only when no candidate below it is missing', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 12 })), (ordinals) => {
      const tree = createTree();
      for (const ordinal of ordinals) tree.add(settled(1, ordinal));
      let expected = 0;
      while (ordinals.includes(expected + 1)) expected++;
      expect(tree.settledUpTo(1)).toBe(expected);
    }),
  );
});

test('a failed candidate counts as settled but is no row', () => {
  const tree = createTree();
  tree.add(settled(1, 1, { outcome: 'failed', fitness: null }));
  expect(tree.settledUpTo(1)).toBe(1);
  expect(tree.page({ yardstick: 'y', campaignNumber: 1, horizon: 5, arm: null }, 0, 10)).toEqual({
    total: 0,
    rows: [],
  });
});

test('a message that is delivered twice is one row', () => {
  const tree = createTree();
  tree.add(settled(1, 1));
  tree.add(settled(1, 1));
  expect(tree.page({ yardstick: 'y', campaignNumber: 1, horizon: 5, arm: null }, 0, 10).total).toBe(1);
});

test('baselines are rows of ordinal 0, seen from the first candidate on', () => {
  const tree = createTree();
  tree.add(settled(1, 3, { kind: 'baseline', ordinal: null }));
  const { rows } = tree.page({ yardstick: 'y', campaignNumber: 1, horizon: 0, arm: null }, 0, 10);
  expect(rows.map((row) => row.ordinal)).toEqual([0]);
  expect(tree.settledUpTo(1)).toBe(0);
  expect([...tree.newestFirst({ yardstick: 'y', campaignNumber: 1, horizon: 9, arm: null })]).toEqual([]);
});

test('a campaign after the first is known to be whole before it only when its beginning was seen', () => {
  const tree = createTree();
  expect([tree.knowsBefore(1), tree.knowsBefore(2)]).toEqual([true, false]);
  tree.begin(2);
  expect(tree.knowsBefore(2)).toBe(true);
});
