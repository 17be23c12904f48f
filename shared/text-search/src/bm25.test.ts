import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createIndex, type Found, lengthDiscount, type Searchable, saturation } from './bm25.ts';
import { tokensOf } from './tokens.ts';

/** BM25 from its definition, document by document and word by word, without an index. */
function slowSearch(documents: readonly Searchable[], query: string, limit: number): Found[] {
  const stems = documents.map(({ text }) => tokensOf(text).map(({ stem }) => stem));
  const average = Math.max(1, stems.reduce((sum, one) => sum + one.length, 0) / Math.max(1, documents.length));
  const asked = tokensOf(query).filter((one, i, all) => all.findIndex(({ stem }) => stem === one.stem) === i);
  return documents
    .map(({ id }, d) => {
      const own = stems[d] ?? [];
      const hits = asked.filter(({ stem }) => own.includes(stem));
      const score = hits.reduce((sum, { stem }) => {
        const having = stems.filter((one) => one.includes(stem)).length;
        const frequency = own.filter((one) => one === stem).length;
        const rarity = Math.log(1 + (documents.length - having + 0.5) / (having + 0.5));
        const damped = frequency + saturation * (1 - lengthDiscount + (lengthDiscount * own.length) / average);
        return sum + (rarity * frequency * (saturation + 1)) / damped;
      }, 0);
      return { id, score: Math.round(score * 1e9) / 1e9, matched: hits.map(({ word }) => word) };
    })
    .filter(({ matched }) => matched.length > 0)
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
    .slice(0, limit);
}

const words = fc.array(
  fc.constantFrom('gate', 'gates', 'parity', 'recall', 'decay', 'decays', 'the', 'noise', 'head'),
  { maxLength: 12 },
);
const corpus = fc
  .array(words, { maxLength: 8 })
  .map((texts) => texts.map((text, i): Searchable => ({ id: `p${i}`, text: text.join(' ') })));

test('the index finds what the definition finds, with the same scores', () => {
  fc.assert(
    fc.property(corpus, words, fc.integer({ min: 1, max: 5 }), (documents, query, limit) => {
      const fast = createIndex(documents).search(query.join(' '), limit);
      const slow = slowSearch(documents, query.join(' '), limit);
      expect(fast.map(({ id, matched }) => ({ id, matched }))).toEqual(
        slow.map(({ id, matched }) => ({ id, matched })),
      );
      for (const [i, one] of fast.entries()) expect(one.score).toBeCloseTo(slow[i]?.score ?? Number.NaN, 9);
    }),
    { numRuns: 300 },
  );
});

test('two documents whose scores are equal on paper are in the order of their ids', () => {
  const texts = ['gate', 'gate gate gate gate gate gate', '', 'gate gate gate recall recall'];
  const documents = texts.map((text, i) => ({ id: `p${i}`, text }));
  expect(
    createIndex(documents)
      .search('gate', 3)
      .map(({ id }) => id),
  ).toEqual(['p1', 'p0', 'p3']);
});

test('a query without a known word finds nothing instead of anything', () => {
  expect(createIndex([{ id: 'a', text: 'parity' }]).search('unheard of', 3)).toEqual([]);
});
