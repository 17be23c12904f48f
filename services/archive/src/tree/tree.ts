import type { ArmName, DataOf, TreeRow } from '@asi/contracts';
import { upperBound } from '../place.ts';

export type Settled = DataOf<'settled'>;
export type TreeHorizon = {
  readonly yardstick: string;
  readonly campaignNumber: number;
  readonly horizon: number;
  readonly arm: ArmName | null;
};

/**
 * Every settled experiment, in memory, in the order of sampling.
 *
 * T1: a page depends on yardstick, campaign number, arm and horizon alone, once all candidates up to the horizon are
 *     settled: whatever settles later, or settled out of order, does not change it.
 * T2: of the asker's own campaign it holds the baselines and the candidates of its arm; of earlier ones, all.
 */
export type Tree = {
  /** Takes a settled experiment into account; a second time changes nothing. */
  add(settled: Settled): void;
  /** Notes that a campaign begins: all that earlier ones have settled was added before. */
  begin(campaignNumber: number): void;
  /** Whether all that settled in earlier campaigns is known. */
  knowsBefore(campaignNumber: number): boolean;
  /** Largest h such that the candidates 1..h of the campaign are all settled, whatever their outcome. */
  settledUpTo(campaignNumber: number): number;
  isSettled(experimentId: string): boolean;
  /** Measured rows of earlier campaigns, and of this one and arm up to the horizon, by (campaign, ordinal, id). */
  page(at: TreeHorizon, skip: number, limit: number): { total: number; rows: TreeRow[] };
  /** Ids of the measured candidates of the same rows, the newest first. */
  newestFirst(at: TreeHorizon): Iterable<string>;
  size(): number;
};

type Progress = { readonly ahead: Set<number>; upTo: number };

export function createTree(): Tree {
  const known = new Set<string>();
  const begun = new Set<number>();
  const progress = new Map<number, Progress>();
  const shelves = new Map<string, Map<number, TreeRow[]>>();
  // Thousands of rows share a few dozen labels; one string for each keeps the memory small.
  const labels = new Map<string, string>();
  const shared = (label: string): string => {
    const known = labels.get(label);
    if (known !== undefined) return known;
    labels.set(label, label);
    return label;
  };

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

  /** The campaigns that the horizon includes, in order, each with the number of its rows that are visible. */
  const visibleShelves = ({ yardstick, campaignNumber, horizon, arm }: TreeHorizon) =>
    [...(shelves.get(yardstick) ?? [])]
      .filter(([number]) => number <= campaignNumber)
      .sort(([a], [b]) => a - b)
      .map(([number, rows]) => {
        if (number < campaignNumber) return { all: rows, visible: rows.length };
        const all = arm === null ? rows : rows.filter((one) => one.ordinal === 0 || one.arm === arm);
        return { all, visible: upperBound(all, (one) => one.ordinal > horizon) };
      });

  return {
    add: (settled) => {
      if (known.has(settled.experimentId)) return;
      known.add(settled.experimentId);
      if (settled.ordinal !== null) advance(settled.campaignNumber, settled.ordinal);
      if (settled.outcome === 'completed' && settled.fitness !== null)
        shelve(settled.yardstick, rowOf(settled, settled.components.map(shared)));
    },
    begin: (campaignNumber) => void begun.add(campaignNumber),
    knowsBefore: (campaignNumber) => campaignNumber === 1 || begun.has(campaignNumber),
    settledUpTo: (campaignNumber) => progress.get(campaignNumber)?.upTo ?? 0,
    isSettled: (experimentId) => known.has(experimentId),
    page: (at, skip, limit) => {
      const rows: TreeRow[] = [];
      let total = 0;
      for (const { all, visible } of visibleShelves(at)) {
        const from = Math.max(0, skip - total);
        const to = Math.min(visible, skip + limit - total);
        if (from < to) rows.push(...all.slice(from, to));
        total += visible;
      }
      return { total, rows };
    },
    newestFirst: function* (at) {
      for (const { all, visible } of visibleShelves(at).reverse()) {
        for (let i = visible - 1; i >= 0; i--) {
          const row = all[i];
          if (row && row.ordinal > 0) yield row.experimentId;
        }
      }
    },
    size: () => known.size,
  };
}

const rowOf = (settled: Settled, components: string[]): TreeRow => ({
  experimentId: settled.experimentId,
  campaignNumber: settled.campaignNumber,
  ordinal: settled.ordinal ?? 0,
  arm: settled.arm,
  name: settled.name,
  parentId: settled.parentId,
  components,
  measured: settled.measured ?? null,
  merit: settled.fitness?.merit ?? null,
});
