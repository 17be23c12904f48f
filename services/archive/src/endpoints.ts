import type { RoleWork } from '@asi/agent-kit';
import type { Artifacts } from '@asi/store';
import type { Ledger } from './calls/ledger.ts';
import type { Insights } from './insights/insights.ts';
import type { Novelty } from './novelty/novelty.ts';
import type { Tree } from './tree/tree.ts';
import type { TreeReadiness } from './tree/tree-readiness.ts';

type Parts = {
  readonly artifacts: Artifacts;
  readonly insights: Insights;
  readonly novelty: Novelty;
  readonly tree: Tree;
  readonly readiness: TreeReadiness;
  readonly ledger: Ledger;
};

/** The endpoints of the archive, over its parts. Every `put` may be repeated: the second one changes nothing. */
export const endpointsOf =
  ({ artifacts, insights, novelty, tree, readiness, ledger }: Parts): NonNullable<RoleWork['serve']> =>
  (announcement) => {
    announcement.serve('putArtifact', async ({ body, mediaType }) => ({ hash: await artifacts.put(body, mediaType) }));
    announcement.serve('getArtifact', async ({ hash }) => {
      const found = await artifacts.get(hash);
      return { body: found?.body ?? null, mediaType: found?.mediaType ?? '' };
    });
    announcement.serve('checkNovelty', (question) => novelty.check(question));
    announcement.serve('registerBaseline', async (baseline) => {
      await novelty.registerBaseline(baseline);
      return { registered: true };
    });
    announcement.serve('registerRevision', async (revision) => {
      await novelty.registerRevision(revision);
      return { registered: true };
    });
    announcement.serve('putInsight', async (insight) => {
      await insights.put(insight);
      return { stored: true };
    });
    announcement.serve('openCall', (request) => ledger.open(request));
    announcement.serve('closeCall', (request) => ledger.close(request));
    announcement.serve('recallInsights', async ({ limit, ...at }) =>
      readiness.hasCandidates(at)
        ? { ready: true, insights: await insights.newest(at, limit) }
        : { ready: false, insights: [] },
    );
    announcement.serve('treeRows', async ({ skip, limit, ...at }) =>
      (await readiness.isReady(at))
        ? { ready: true, ...tree.page(at, skip, limit) }
        : { ready: false, total: 0, rows: [] },
    );
  };
