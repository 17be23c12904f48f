import type { Insight } from '@asi/contracts';
import type { Records } from '@asi/store';
import { comparePlaces, type Place, upperBound } from '../place.ts';
import type { TreeHorizon } from '../tree/tree.ts';

/** Insights by experiment. The order of sampling is in memory; bodies are read by key, the newest from a small cache. */
export type Insights = {
  /** Keeps the insight; a second insight of the same experiment changes nothing. Resolves when it is on disk. */
  put(insight: Insight): Promise<void>;
  /** The newest insights within the horizon, newest first. */
  newest(at: TreeHorizon, limit: number): Promise<Insight[]>;
  size(): number;
};

type Entry = Place & { readonly id: string };

const cached = 256;

export async function openInsights(records: Pick<Records<Insight>, 'insert' | 'get' | 'all'>): Promise<Insights> {
  const orders = new Map<string, Entry[]>();
  const known = new Set<string>();
  const cache = new Map<string, Insight>();

  const remember = (insight: Insight): void => {
    if (known.has(insight._id)) return;
    known.add(insight._id);
    const { campaignNumber, ordinal, _id: id, yardstick } = insight;
    const order = orders.get(yardstick) ?? [];
    orders.set(yardstick, order);
    const entry = { campaignNumber, ordinal, id };
    order.splice(
      upperBound(order, (one) => comparePlaces(one, entry) > 0),
      0,
      entry,
    );
  };

  const cacheBody = (insight: Insight): Insight => {
    cache.delete(insight._id);
    cache.set(insight._id, insight);
    for (const oldest of cache.keys()) {
      if (cache.size <= cached) break;
      cache.delete(oldest);
    }
    return insight;
  };

  const body = async (id: string): Promise<Insight | null> => {
    const found = cache.get(id) ?? (await records.get(id));
    return found ? cacheBody(found) : null;
  };

  for await (const insight of records.all()) remember(insight);

  return {
    put: async (insight) => {
      const inserted = await records.insert(insight);
      if (inserted) cacheBody(insight);
      remember(insight);
    },
    newest: async ({ yardstick, campaignNumber, horizon }, limit) => {
      const order = orders.get(yardstick) ?? [];
      const end = upperBound(order, (one) => comparePlaces(one, { campaignNumber, ordinal: horizon }) > 0);
      const chosen = order.slice(Math.max(0, end - limit), end).reverse();
      const bodies = await Promise.all(chosen.map(({ id }) => body(id)));
      return bodies.filter((one) => one !== null);
    },
    size: () => known.size,
  };
}
