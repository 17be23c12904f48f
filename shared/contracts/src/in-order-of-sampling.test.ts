import { expect, test } from 'vitest';
import { baselineIdOf, campaignIdOf, candidateIdOf, type ExperimentId } from './ids.ts';
import { inOrderOfSampling } from './in-order-of-sampling.ts';

const sorted = (ids: readonly ExperimentId[]) => [...ids].sort(inOrderOfSampling);
const idsOf = (campaign: number, ...ordinals: number[]) =>
  ordinals.map((ordinal) => candidateIdOf(campaignIdOf(campaign), ordinal));

test('the ten-thousandth candidate is not older than the one before it, nor is the thousandth campaign', () => {
  const ids = [...idsOf(1, 7, 9999, 10_000, 10_001), ...idsOf(2, 1, 10_000), ...idsOf(999, 1), ...idsOf(1000, 1)];
  expect(sorted(ids.toReversed())).toEqual(ids);
});

test('ids whose numbers are of one length keep the order that records and replays have', () => {
  const ids = [...idsOf(3, 12, 2, 345, 9), ...idsOf(1, 4, 6789), ...idsOf(12, 8)];
  expect(sorted(ids)).toEqual([...ids].sort());
  const mixed = [...[12, 3, 1].map((number) => baselineIdOf(campaignIdOf(1), number)), ...ids];
  expect(sorted(mixed)).toEqual([...mixed].sort());
});
