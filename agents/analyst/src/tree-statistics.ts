import { onceReady, type Patience } from '@asi/agent-kit';
import type { Bus } from '@asi/bus';
import type { ArmName } from '@asi/contracts';
import { type ComponentSums, createComponentSums, type FitnessScale, observationsOf } from '@asi/statistics';

export type TreePlace = {
  readonly yardstick: string;
  readonly campaignNumber: number;
  readonly horizon: number;
  readonly arm: ArmName | null;
  /** On which the merits are placed: that of the campaign that asks. */
  readonly scale: FitnessScale;
};

/** The sums over all experiments that an analysis may know. */
export type TreeStatistics = { at(place: TreePlace, signal: AbortSignal): Promise<ComponentSums> };

export type TreeStatisticsOptions = Patience & { readonly pageSize?: number; readonly kept?: number };

/** Arms of a campaign ask in turn; those of an ended one ask no more. */
const keptPlaces = 16;

const numbersOf = ({ baseline, band }: FitnessScale) => [
  baseline.languageModelLoss,
  baseline.battery,
  band.loss,
  band.battery,
];

type Snapshot = { readonly rows: number; readonly statistics: ComponentSums };

/**
 * Fetches rows from the archive and keeps the sums of the latest horizons, so that the 5,000th analysis reads a few rows
 * and not 5,000. A horizon's rows are a prefix of those of every larger horizon of the same campaign and arm, in the same order;
 * so sums are extended, and equal what a fresh process computes (invariant S1 of the statistics).
 */
export function createTreeStatistics(
  bus: Pick<Bus, 'request'>,
  { pageSize = 400, kept = 24, ...patience }: TreeStatisticsOptions = {},
): TreeStatistics {
  const snapshots = new Map<string, Map<number, Snapshot>>();

  const nearest = (known: ReadonlyMap<number, Snapshot>, horizon: number): Snapshot => {
    const below = Math.max(...[...known.keys()].filter((one) => one <= horizon));
    return known.get(below) ?? { rows: 0, statistics: createComponentSums() };
  };

  const keep = (known: Map<number, Snapshot>, horizon: number, snapshot: Snapshot): void => {
    known.set(horizon, snapshot);
    const oldest = Math.min(...known.keys());
    if (known.size > kept) known.delete(oldest);
  };

  const remember = (key: string, known: Map<number, Snapshot>): void => {
    snapshots.delete(key);
    snapshots.set(key, known);
    for (const oldest of snapshots.keys()) {
      if (snapshots.size <= keptPlaces) return;
      snapshots.delete(oldest);
    }
  };

  return {
    at: async ({ yardstick, campaignNumber, horizon, arm, scale }, signal) => {
      const key = [yardstick, campaignNumber, arm, ...numbersOf(scale)].join('\u0000');
      const known = snapshots.get(key) ?? new Map<number, Snapshot>();
      remember(key, known);
      const start = nearest(known, horizon);
      const statistics = start.statistics.copy();
      for (let rows = start.rows; ; ) {
        const question = { yardstick, campaignNumber, horizon, arm, skip: rows, limit: pageSize };
        const page = await onceReady(() => bus.request('treeRows', question), signal, patience);
        for (const one of observationsOf(page.rows, scale)) statistics.add(one);
        rows += page.rows.length;
        if (rows >= page.total || page.rows.length === 0) {
          keep(known, horizon, { rows, statistics });
          return statistics;
        }
      }
    },
  };
}
