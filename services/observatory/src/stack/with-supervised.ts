import type { Reading, Status } from '@asi/reading';
import { readSupervised, type Supervised } from './read-supervised.ts';

/** The state of the laboratory with what lab knows of its processes; null where it does not run them. */
export type DashboardStatus = Status & { readonly stack: { readonly supervised: readonly Supervised[] } | null };

export type DashboardReading = Omit<Reading, 'status'> & { status(): Promise<DashboardStatus> };

/** Adds to the status what lab alone knows: restarts, and processes that are on no bus. */
export const withSupervised = (reading: Reading, stackFile: string | null): DashboardReading => ({
  ...reading,
  status: async () => {
    const [status, supervised] = await Promise.all([reading.status(), readSupervised(stackFile)]);
    return { ...status, stack: supervised && { supervised } };
  },
});
