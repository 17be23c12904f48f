import { type ProcessTools, type RoleWork, requireDatabaseUrl } from '@asi/agent-kit';
import { openDatabase } from '@asi/store';
import { createPaperSearch } from './search/search-papers.ts';
import { shippedPapers } from './shipped-papers.ts';
import { storedPapersIn, upsertPapers } from './stored-papers.ts';

/** Stores the shipped papers, indexes all that are stored, and answers searches from memory. */
export async function boot({ environment, log }: ProcessTools): Promise<RoleWork> {
  const database = await openDatabase(requireDatabaseUrl(environment), environment.database);
  const { papers, written } = await upsertPapers(storedPapersIn(database), await shippedPapers());
  const index = createPaperSearch(papers);
  log.info({ papers: index.size(), written }, 'literature indexed');
  return {
    serve: (announcement) => {
      announcement.serve('searchPapers', async ({ query, limit }) => index.search(query, limit));
    },
    details: () => ({ papers: index.size() }),
    drain: () => database.close(),
  };
}
