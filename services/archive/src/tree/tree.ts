import type { DataOf, TreeRow } from '@asi/contracts';
import { upperBound } from '../place.ts';

export type Settled = DataOf<'settled'>;
export type TreeHorizon = { readonly yardstick: string; readonly campaignNumber: number; readonly horizon: number };

/**
 * Every settled experiment, in memory, in the order of sampling.
 *
 * T1: a page depends on yardstick, campaign number and horizon alone, once all candidates up to the horizon are settled:
 *     whatever settles later, or settled out of order, does not change it.
 */
export type Tree = {
  /** Takes a settled experiment into account; a second time changes nothing. */
  add(settled: Settled): void;
  /** Largest h such that the candidates 1..h of the campaign are all settled, whatever their outcome. */
  settledUpTo(campaignNumber: number): number;
  isSettled(experimentId: string): boolean;
  /** Measured rows of earlier campaigns, and of this one up to the horizon, by (campaign, ordinal, id). */
  page(at: TreeHorizon, skip: number, limit: number): { total: number; rows: TreeRow[] };
  size(): number;
};

type Progress = { readonly ahead: Set<number>; upTo: number };

export function createTree(): Tree {
  const known = new Set<string>();
  const progress = new Map<number, Progress>();
  const shelves = new Map<string, Map<number, TreeRow[]>>();

  const advance = (campaignNumber: number, ordinal: number): void => {
    const at = progress.get(campaignNumber) ?? { ahead: new Set<number>(), upTo: 0 };
    progress.set(campaignNumber, at);
    at.ahead.add(ordinal);
    while (at.ahead.delete(at.upTo + 1)) at.upTo++;
  };

  const shelve = (yardstick: string, row: TreeRow): void => {
    const campaigns = shelves.get(yardstick) ?? new Map<number, TreeRow[]>();
    shelves.set(yardstick, campaigns);
    const rows = campaigns.get(row.campaignNumber) ?? [];
    campaigns.set(row.campaignNumber, rows);
    rows.splice(
      upperBound(
        rows,
        (one) => one.ordinal > row.ordinal || (one.ordinal === row.ordinal && one.experimentId > row.experimentId),
      ),
      0,
      row,
    );
  };

  return {
    add: (settled) => {
      if (known.has(settled.experimentId)) return;
      known.add(settled.experimentId);
      if (settled.ordinal !== null) advance(settled.campaignNumber, settled.ordinal);
      if (settled.outcome === 'completed' && settled.fitness !== null) shelve(settled.yardstick, rowOf(settled));
    },
    settledUpTo: (campaignNumber) => progress.get(campaignNumber)?.upTo ?? 0,
    isSettled: (experimentId) => known.has(experimentId),
    page: ({ yardstick, campaignNumber, horizon }, skip, limit) => {
      const shelf = shelves.get(yardstick) ?? new Map<number, TreeRow[]>();
      const rows: TreeRow[] = [];
      let total = 0;
      for (const number of [...shelf.keys()].filter((one) => one <= campaignNumber).sort((a, b) => a - b)) {
        const all = shelf.get(number) ?? [];
        const visible = number < campaignNumber ? all.length : upperBound(all, (one) => one.ordinal > horizon);
        const from = Math.max(0, skip - total);
        const to = Math.min(visible, skip + limit - total);
        if (from < to) rows.push(...all.slice(from, to));
        total += visible;
      }
      return { total, rows };
    },
    size: () => known.size,
  };
}

const rowOf = (settled: Settled): TreeRow => ({
  experimentId: settled.experimentId,
  campaignNumber: settled.campaignNumber,
  ordinal: settled.ordinal ?? 0,
  name: settled.name,
  parentId: settled.parentId,
  components: settled.components,
  merit: settled.fitness?.merit ?? null,
});
