import { type Insight, insightSchema } from '@asi/contracts';
import { expect, test } from 'vitest';
import { createInsights } from './insights.ts';

const insight = (id: string, text = 'text'): Insight =>
  insightSchema.parse({
    _id: id,
    experimentId: id,
    campaignNumber: 1,
    ordinal: 1,
    yardstick: 'y',
    text,
    confidence: 0.5,
    effects: [],
    at: '2026-01-01T00:00:00.000Z',
  });

/** Records in memory that count reads, and a tree in which these experiments have settled, the newest first. */
function house(settled: readonly string[]) {
  const stored = new Map<string, Insight>();
  let reads = 0;
  const records = {
    insert: async (value: Insight) => {
      if (stored.has(value._id)) return false;
      stored.set(value._id, value);
      return true;
    },
    get: async (id: string) => {
      reads++;
      return stored.get(id) ?? null;
    },
  };
  const tree = { newestFirst: () => settled };
  return { open: () => createInsights(records, tree), reads: () => reads };
}

const at = { yardstick: 'y', campaignNumber: 1, horizon: 9, arm: null };
const ids = (insights: readonly Insight[]) => insights.map((one) => one._id);

test('the newest come first, also after a restart', async () => {
  const { open } = house(['c', 'b', 'a']);
  const insights = open();
  for (const id of ['b', 'a', 'c']) await insights.put(insight(id));
  expect(ids(await insights.newest(at, 2))).toEqual(['c', 'b']);
  expect(ids(await open().newest(at, 2))).toEqual(['c', 'b']);
});

test('an experiment without an analysis is passed over, and its absence is looked up once only', async () => {
  const { open, reads } = house(['c', 'b', 'a']);
  const insights = open();
  await insights.put(insight('a'));
  for (let i = 0; i < 5; i++) expect(ids(await insights.newest(at, 1))).toEqual(['a']);
  expect(reads()).toBe(2);
});

test('a second analysis of the same experiment does not change what designs were told already', async () => {
  const { open } = house(['a']);
  const insights = open();
  await insights.put(insight('a', 'first'));
  await insights.put(insight('a', 'second'));
  expect((await insights.newest(at, 5)).map((one) => one.text)).toEqual(['first']);
});

test('the insight of an experiment that has not settled is not told to anybody', async () => {
  const { open } = house([]);
  const insights = open();
  await insights.put(insight('a'));
  expect(await insights.newest(at, 5)).toEqual([]);
});
