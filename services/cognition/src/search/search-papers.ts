import type { Paper, ReplyOf } from '@asi/contracts';
import { createIndex } from '@asi/text-search';

export type PaperSearch = { search(query: string, limit: number): ReplyOf<'searchPapers'>; size(): number };

/** What a search looks at: the symptoms and ideas above all, the summary and the title too. */
const textOf = ({ title, summary, insights }: Paper): string =>
  [title, summary, ...insights.flatMap(({ symptom, idea }) => [symptom, idea])].join('\n');

/** Full-text search over the literature. */
export function createPaperSearch(papers: readonly Paper[]): PaperSearch {
  const byId = new Map(papers.map((paper) => [paper._id, paper]));
  const index = createIndex(papers.map((paper) => ({ id: paper._id, text: textOf(paper) })));
  return {
    search: (query, limit) => ({
      hits: index.search(query, limit).flatMap(({ id, score, matched }) => {
        const paper = byId.get(id);
        return paper ? [{ paper, score, matched: [...matched] }] : [];
      }),
    }),
    size: () => byId.size,
  };
}
