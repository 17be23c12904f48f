import type { Paper } from '@asi/contracts';
import { expect, test } from 'vitest';
import { type StoredPapers, upsertPapers } from './stored-papers.ts';

const paper = (id: string, title: string): Paper => ({
  _id: id,
  title,
  authors: '',
  year: 2024,
  summary: '',
  insights: [],
  components: [],
});

function memory(papers: readonly Paper[]) {
  const stored = new Map(papers.map((one) => [one._id, one]));
  const writes: string[] = [];
  const store: StoredPapers = {
    all: async () => [...stored.values()],
    put: async (one) => {
      writes.push(one._id);
      stored.set(one._id, one);
    },
  };
  return { store, writes };
}

test('a restart writes nothing: contents are compared, not times', async () => {
  const { store, writes } = memory([paper('1', 'a')]);
  await upsertPapers(store, [{ ...paper('1', 'a') }]);
  expect(writes).toEqual([]);
});

test('a new version of a paper takes the place of the old one, and papers of others stay', async () => {
  const { store, writes } = memory([paper('1', 'a'), paper('9', 'theirs')]);
  const { papers } = await upsertPapers(store, [paper('1', 'b'), paper('2', 'new')]);
  expect(writes).toEqual(['1', '2']);
  expect(papers.map((one) => one.title).sort()).toEqual(['b', 'new', 'theirs']);
});
