import { type Insight, insightSchema } from '@asi/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openInsights } from './insights.ts';

function memory() {
  const stored = new Map<string, Insight>();
  return {
    stored,
    records: {
      insert: async (value: Insight) => {
        if (stored.has(value._id)) return false;
        stored.set(value._id, value);
        return true;
      },
      get: async (id: string) => stored.get(id) ?? null,
      all: async function* () {
        yield* stored.values();
      },
    },
  };
}

const insight = (campaignNumber: number, ordinal: number, text = 'text', yardstick = 'y'): Insight =>
  insightSchema.parse({
    _id: `c${campaignNumber}-${ordinal}`,
    experimentId: `c${campaignNumber}-${ordinal}`,
    campaignNumber,
    ordinal,
    yardstick,
    text,
    confidence: 0.5,
    effects: [],
    at: '2026-01-01T00:00:00.000Z',
  });

test('the newest insights are those a full scan would find, also after a restart', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.record({ c: fc.integer({ min: 1, max: 3 }), o: fc.integer({ min: 1, max: 8 }) }), {
        selector: ({ c, o }) => `${c}/${o}`,
      }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 0, max: 8 }),
      fc.integer({ min: 0, max: 5 }),
      async (places, campaignNumber, horizon, limit) => {
        const { records } = memory();
        const insights = await openInsights(records);
        for (const { c, o } of places) await insights.put(insight(c, o));
        const expected = places
          .filter(({ c, o }) => c < campaignNumber || (c === campaignNumber && o <= horizon))
          .sort((a, b) => b.c - a.c || b.o - a.o)
          .slice(0, limit)
          .map(({ c, o }) => `c${c}-${o}`);
        const at = { yardstick: 'y', campaignNumber, horizon };
        expect((await insights.newest(at, limit)).map((one) => one._id)).toEqual(expected);
        expect((await (await openInsights(records)).newest(at, limit)).map((one) => one._id)).toEqual(expected);
      },
    ),
  );
});

test('a second analysis of the same experiment does not change what designs were told already', async () => {
  const { records } = memory();
  const insights = await openInsights(records);
  await insights.put(insight(1, 1, 'first'));
  await insights.put(insight(1, 1, 'second'));
  const found = await insights.newest({ yardstick: 'y', campaignNumber: 1, horizon: 1 }, 5);
  expect(found.map((one) => one.text)).toEqual(['first']);
});

test('insights measured with another yardstick are never recalled', async () => {
  const { records } = memory();
  const insights = await openInsights(records);
  await insights.put(insight(1, 1, 'text', 'another'));
  expect(await insights.newest({ yardstick: 'y', campaignNumber: 1, horizon: 1 }, 5)).toEqual([]);
});
