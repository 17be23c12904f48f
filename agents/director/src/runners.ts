import type { Bus } from '@asi/bus';

/** The runners that answer now, as their engineers describe them. */
export type RunnersSeen = { readonly slots: number; readonly trainerVersion: string };

/** Asks the engineers; null while none is there. Throws nothing: a silent network is the same as no runner. */
export async function seeRunners(bus: Bus): Promise<RunnersSeen | null> {
  const engineers = (await bus.discover()).filter(
    (one) => one.role === 'engineer' && typeof one.details.trainerVersion === 'string',
  );
  const first = engineers[0];
  if (!first) return null;
  const slots = engineers.reduce((sum, one) => sum + Number(one.details.slots ?? 0), 0);
  return { slots: Math.max(1, slots), trainerVersion: String(first.details.trainerVersion) };
}
