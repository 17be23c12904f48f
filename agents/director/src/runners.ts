import type { Bus } from '@asi/bus';

/** The runners that answer now, as their engineers describe them. Any of them may get any training. */
export type RunnersSeen = {
  readonly slots: number;
  readonly trainerVersion: string;
  /** One of them has no CUDA device: its address; null when all have one. */
  readonly withoutCuda: string | null;
  /** One of them cannot isolate programs (tier 0): its address; null when all can. */
  readonly withoutIsolation: string | null;
};

/** Asks the engineers; null while none is there. Throws nothing: a silent network is the same as no runner. */
export async function seeRunners(bus: Bus): Promise<RunnersSeen | null> {
  const engineers = (await bus.discover()).filter(
    (one) => one.role === 'engineer' && typeof one.details.trainerVersion === 'string',
  );
  const first = engineers[0];
  if (!first) return null;
  const slots = engineers.reduce((sum, one) => sum + Number(one.details.slots ?? 0), 0);
  const addressOf = (lacks: (details: (typeof engineers)[number]['details']) => boolean) => {
    const one = engineers.find(({ details }) => lacks(details));
    return one ? String(one.details.runner) : null;
  };
  return {
    slots: Math.max(1, slots),
    trainerVersion: String(first.details.trainerVersion),
    withoutCuda: addressOf(({ devices }) => !String(devices).split(' ').includes('cuda')),
    withoutIsolation: addressOf(({ isolationTier }) => isolationTier === 0),
  };
}
