import { hashJson, type Paper } from '@asi/contracts';
import { type Database, papersIn, toDocument } from '@asi/store';

/** The collection `cognition`, which only this service writes. */
export type StoredPapers = { all(): Promise<Paper[]>; put(paper: Paper): Promise<void> };

export function storedPapersIn(database: Database): StoredPapers {
  const records = papersIn(database);
  const documents = database.db.collection<{ _id: string }>('cognition');
  return {
    all: async () => {
      const papers: Paper[] = [];
      for await (const paper of records.all()) papers.push(paper);
      return papers;
    },
    put: async (paper) => {
      await documents.replaceOne({ _id: paper._id }, toDocument(paper), { upsert: true });
    },
  };
}

/**
 * Brings the stored papers up to the shipped ones: what is new or differs in content is written, nothing else is
 * touched, and papers that somebody else added stay. Returns all papers that are stored then.
 */
export async function upsertPapers(
  store: StoredPapers,
  shipped: readonly Paper[],
): Promise<{ papers: Paper[]; written: number }> {
  const papers = new Map((await store.all()).map((paper) => [paper._id, paper]));
  let written = 0;
  for (const paper of shipped) {
    const stored = papers.get(paper._id);
    if (stored && hashJson(stored) === hashJson(paper)) continue;
    await store.put(paper);
    papers.set(paper._id, paper);
    written++;
  }
  return { papers: [...papers.values()], written };
}
