import { expect, test } from 'vitest';
import { createTreeReadiness } from './tree-readiness.ts';

const at = (horizon: number) => ({ yardstick: 'y', campaignNumber: 1, horizon, arm: null });

function readiness(upTo: number, settled: readonly string[], baselineIds: readonly string[] | null) {
  const known = new Set(settled);
  let asked = 0;
  const begun = new Set([1]);
  const tree = {
    settledUpTo: () => upTo,
    isSettled: (id: string) => known.has(id),
    knowsBefore: (number: number) => begun.has(number),
  };
  const campaignOf = async () => {
    asked++;
    return baselineIds === null ? null : { baselineIds: [...baselineIds] };
  };
  return { ready: createTreeReadiness(tree, campaignOf), known, begun, asked: () => asked };
}

test('a baseline whose message is still under way holds the answer back: rows must not depend on a race', async () => {
  const { ready, known } = readiness(3, ['c001-b00'], ['c001-b00', 'c001-b01']);
  expect(await ready.isReady(at(2))).toBe(false);
  known.add('c001-b01');
  expect(await ready.isReady(at(2))).toBe(true);
});

test('a missing candidate holds the answer back', async () => {
  const { ready } = readiness(3, [], []);
  expect(await ready.isReady(at(4))).toBe(false);
  expect(await ready.isReady(at(3))).toBe(true);
});

test('the database is not asked again once the baselines are complete', async () => {
  const { ready, asked } = readiness(9, ['c001-b00'], ['c001-b00']);
  for (let horizon = 0; horizon < 9; horizon++) await ready.isReady(at(horizon));
  expect(asked()).toBe(1);
});

test('results of an earlier campaign that are still under way hold the answer back, also at the first horizon', async () => {
  const { ready, begun } = readiness(0, [], []);
  const further = { ...at(0), campaignNumber: 2 };
  expect([ready.hasCandidates(further), await ready.isReady(further)]).toEqual([false, false]);
  begun.add(2);
  expect([ready.hasCandidates(further), await ready.isReady(further)]).toEqual([true, true]);
});
