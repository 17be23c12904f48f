import type { Insight } from '@asi/contracts';
import type { Records } from '@asi/store';
import type { Tree, TreeHorizon } from '../tree/tree.ts';

/**
 * Insights by experiment.
 *
 * I1: an insight has the id of its experiment. So the tree, which knows the order of experiments, is the index of the
 *     insights as well, and bodies are read by key.
 * I2: what was not there when its experiment had settled is not recalled later: a straggler must not change designs.
 */
export type Insights = {
  /** Keeps the insight; a second insight of the same experiment changes nothing. Resolves when it is on disk. */
  put(insight: Insight): Promise<void>;
  /** The newest insights within the horizon, newest first. */
  newest(at: TreeHorizon, limit: number): Promise<Insight[]>;
};

const cached = 64;

export function createInsights(
  records: Pick<Records<Insight>, 'insert' | 'get'>,
  tree: Pick<Tree, 'newestFirst'>,
): Insights {
  const cache = new Map<string, Insight>();
  const absent = new Set<string>();

  const keepInCache = (insight: Insight): Insight => {
    cache.delete(insight._id);
    cache.set(insight._id, insight);
    for (const oldest of cache.keys()) {
      if (cache.size <= cached) break;
      cache.delete(oldest);
    }
    return insight;
  };

  const body = async (id: string): Promise<Insight | null> => {
    if (absent.has(id)) return null;
    const found = cache.get(id) ?? (await records.get(id));
    if (found === null) absent.add(id);
    return found && keepInCache(found);
  };

  return {
    put: async (insight) => {
      if (await records.insert(insight)) keepInCache(insight);
    },
    newest: async (at, limit) => {
      const insights: Insight[] = [];
      for (const id of tree.newestFirst(at)) {
        if (insights.length >= limit) break;
        const insight = await body(id);
        if (insight) insights.push(insight);
      }
      return insights;
    },
  };
}
