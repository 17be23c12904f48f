import { tokensOf } from './tokens.ts';

export type Searchable = { readonly id: string; readonly text: string };
export type Found = {
  readonly id: string;
  readonly score: number;
  /** Words of the query that the document has, in the order of the query. */
  readonly matched: readonly string[];
};
export type SearchIndex = { search(query: string, limit: number): Found[] };

/** Saturation of repeated words, and how much long documents are discounted: the usual values. */
export const saturation = 1.2;
export const lengthDiscount = 0.75;

/**
 * Okapi BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009, eq. 3.15), with the inverse document
 * frequency ln(1 + (N - n + 0.5) / (n + 0.5)), which is never negative. Equal scores are in the order of ids; scores are
 * compared after rounding, because two formulas that are equal on paper differ in the last bit of a sum.
 */
export function createIndex(documents: readonly Searchable[]): SearchIndex {
  const postings = new Map<string, Map<string, number>>();
  const lengths = new Map<string, number>();
  for (const { id, text } of documents) {
    const tokens = tokensOf(text);
    lengths.set(id, tokens.length);
    for (const { stem } of tokens) {
      const posting = postings.get(stem) ?? new Map<string, number>();
      postings.set(stem, posting);
      posting.set(id, (posting.get(id) ?? 0) + 1);
    }
  }
  const average = Math.max(1, [...lengths.values()].reduce((sum, one) => sum + one, 0) / Math.max(1, lengths.size));

  return {
    search: (query, limit) => {
      const found = new Map<string, { score: number; matched: string[] }>();
      const asked = new Map<string, string>();
      for (const { stem, word } of tokensOf(query)) if (!asked.has(stem)) asked.set(stem, word);
      for (const [stem, word] of asked) {
        const posting = postings.get(stem);
        if (!posting) continue;
        const rarity = Math.log(1 + (lengths.size - posting.size + 0.5) / (posting.size + 0.5));
        for (const [id, count] of posting) {
          const length = 1 - lengthDiscount + (lengthDiscount * (lengths.get(id) ?? 0)) / average;
          const score = (rarity * count * (saturation + 1)) / (count + saturation * length);
          const entry = found.get(id) ?? { score: 0, matched: [] };
          found.set(id, { score: entry.score + score, matched: [...entry.matched, word] });
        }
      }
      return [...found]
        .map(([id, { score, matched }]) => ({ id, score: Number(score.toFixed(9)), matched }))
        .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
        .slice(0, limit);
    },
  };
}
