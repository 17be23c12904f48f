import type { Bus } from '@asi/bus';
import { type Clock, catalogue, type ExperimentRecord, filterFor } from '@asi/contracts';
import type { Records } from '@asi/store';

/** Finished experiments, kept in memory because they never change. */
export type FinishedExperiments = {
  all(): Promise<readonly ExperimentRecord[]>;
  get(id: string): Promise<ExperimentRecord | null>;
  close(): void;
};

const rescanMilliseconds = 30_000;

/**
 * Reads the collection once and then only what the journal says was settled, so that looking every second costs the
 * database nothing. A scan from time to time heals what a lost connection missed.
 */
export function keepFinishedExperiments(
  records: Records<ExperimentRecord>,
  bus: Bus,
  clock: Clock,
): FinishedExperiments {
  const known = new Map<string, ExperimentRecord>();
  const announced = new Set<string>();
  let scannedAt = Number.NEGATIVE_INFINITY;
  let refreshing: Promise<void> | null = null;
  const { kind, owner, name } = catalogue.settled;
  // Before the first scan, so that nothing falls between the two.
  const watch = bus.watch(filterFor(kind, owner, name), ({ subject }) => {
    if (!known.has(subject)) announced.add(subject);
  });

  async function refresh(): Promise<void> {
    const now = clock.now().getTime();
    if (now - scannedAt > rescanMilliseconds) {
      for await (const record of records.all()) known.set(record._id, record);
      scannedAt = now;
    }
    for (const id of [...announced]) {
      const record = known.get(id) ?? (await records.get(id));
      if (!record) continue;
      known.set(id, record);
      announced.delete(id);
    }
  }
  const refreshed = () => {
    refreshing ??= refresh().finally(() => {
      refreshing = null;
    });
    return refreshing;
  };

  return {
    all: async () => {
      await refreshed();
      return [...known.values()];
    },
    get: async (id) => {
      const found = known.get(id) ?? (await records.get(id));
      if (found) known.set(id, found);
      return found;
    },
    close: () => watch.stop(),
  };
}
