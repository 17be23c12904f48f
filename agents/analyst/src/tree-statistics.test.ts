import type { ReplyOf, RequestOf, ServiceName } from '@asi/contracts';
import { componentEffects } from '@asi/statistics';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTreeStatistics } from './tree-statistics.ts';

type Row = { readonly ordinal: number; readonly components: string[]; readonly merit: number | null };

/** The archive's side of `tree-rows`, over rows in memory; the first `behind` questions find it not ready. */
function archiveWith(rows: readonly Row[], behind = 0) {
  let asked = 0;
  const request = async <Name extends ServiceName>(_name: Name, question: RequestOf<Name>): Promise<ReplyOf<Name>> => {
    const { horizon, skip, limit } = question as RequestOf<'treeRows'>;
    asked++;
    const visible = rows.filter((row) => row.ordinal <= horizon);
    const reply =
      asked <= behind
        ? { ready: false, total: 0, rows: [] }
        : { ready: true, total: visible.length, rows: visible.slice(skip, skip + limit) };
    return reply as unknown as ReplyOf<Name>;
  };
  return { bus: { request }, asked: () => asked };
}

const noise = { noise: 0.05, degreesOfFreedom: 8 };
const scale = { baseline: { languageModelLoss: 2, battery: 0.6 }, band: { loss: 0.2, battery: 0.2 } };
const place = (horizon: number) => ({ yardstick: 'y', campaignNumber: 1, horizon, arm: null, scale });
const { signal } = new AbortController();
const options = { pageSize: 3, kept: 2, pauseMilliseconds: 1 };
const anyRows = fc
  .array(
    fc.tuple(
      fc.constantFrom('a=1', 'a=2'),
      fc.constantFrom('b=1', 'b=2'),
      fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    ),
    { maxLength: 15 },
  )
  .map((all) => all.map(([a, b, merit], i): Row => ({ ordinal: i + 1, components: [a, b], merit })));

test('whatever horizons were asked before, the sums are those of a process that has just started', async () => {
  await fc.assert(
    fc.asyncProperty(anyRows, fc.array(fc.nat(15), { minLength: 1, maxLength: 6 }), async (rows, horizons) => {
      const old = createTreeStatistics(archiveWith(rows).bus, options);
      for (const horizon of horizons) {
        const fresh = createTreeStatistics(archiveWith(rows).bus, options);
        const [ours, anew] = [await old.at(place(horizon), signal), await fresh.at(place(horizon), signal)];
        expect(componentEffects(ours, noise)).toEqual(componentEffects(anew, noise));
        expect(ours.count(0)).toBe(rows.filter((row) => row.ordinal <= horizon && row.merit !== null).length);
      }
    }),
    { numRuns: 50 },
  );
});

test('a larger horizon reads only what is new', async () => {
  const rows = Array.from({ length: 30 }, (_, i): Row => ({ ordinal: i + 1, components: ['a=1'], merit: 0.5 }));
  const archive = archiveWith(rows);
  const tree = createTreeStatistics(archive.bus, options);
  await tree.at(place(27), signal);
  const before = archive.asked();
  await tree.at(place(29), signal);
  expect(archive.asked() - before).toBe(1);
});

test('an archive that is behind is asked again', async () => {
  const archive = archiveWith([{ ordinal: 1, components: ['a=1'], merit: 0.5 }], 3);
  const statistics = await createTreeStatistics(archive.bus, options).at(place(1), signal);
  expect([statistics.count(0), archive.asked()]).toEqual([1, 4]);
});

test('an archive that stays behind releases the message instead of hanging for ever', async () => {
  const archive = archiveWith([], Number.POSITIVE_INFINITY);
  const tree = createTreeStatistics(archive.bus, { ...options, patienceMilliseconds: 20 });
  await expect(tree.at(place(1), signal)).rejects.toMatchObject({ kind: 'retryable', code: 'archive-behind' });
});

test('a reference model outside the grammar says nothing about components', async () => {
  const archive = archiveWith([{ ordinal: 0, components: [], merit: 0.9 }]);
  expect((await createTreeStatistics(archive.bus, options).at(place(0), signal)).count(0)).toBe(0);
});

test('the sums of campaigns that ended long ago are forgotten, or an analyst of many weeks grows without end', async () => {
  const rows = Array.from({ length: 7 }, (_, i): Row => ({ ordinal: i + 1, components: ['a=1'], merit: 0.5 }));
  const archive = archiveWith(rows);
  const tree = createTreeStatistics(archive.bus, options);
  const pagesReadFor = async (campaignNumber: number) => {
    const before = archive.asked();
    expect((await tree.at({ ...place(7), campaignNumber }, signal)).count(0)).toBe(7);
    return archive.asked() - before;
  };
  for (let number = 1; number <= 40; number++) await pagesReadFor(number);
  expect(await pagesReadFor(40)).toBe(1);
  expect(await pagesReadFor(1)).toBe(3);
});
