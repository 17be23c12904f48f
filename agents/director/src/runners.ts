import type { Bus } from '@asi/bus';

export type TrainerSeen = { readonly version: string; readonly runner: string };

/** The runners that answer now, as their engineers describe them. Any of them may get any training. */
export type RunnersSeen = {
  readonly slots: number;
  /** Each version of the trainer once, with the address of a runner that has it. */
  readonly trainers: readonly [TrainerSeen, ...TrainerSeen[]];
  /** One of them has no CUDA device: its address; null when all have one. */
  readonly withoutCuda: string | null;
  /** One of them cannot isolate programs (tier 0): its address; null when all can. */
  readonly withoutIsolation: string | null;
};

/** Asks the engineers; null while none is there. Throws nothing: a silent network is the same as no runner. */
export async function seeRunners(bus: Pick<Bus, 'discover'>): Promise<RunnersSeen | null> {
  const engineers = (await bus.discover()).filter(
    (one) => one.role === 'engineer' && typeof one.details.trainerVersion === 'string',
  );
  const [first, ...others] = engineers.map(({ details }) => ({
    version: String(details.trainerVersion),
    runner: String(details.runner),
  }));
  if (!first) return null;
  const slots = engineers.reduce((sum, one) => sum + Number(one.details.slots ?? 0), 0);
  const addressOf = (lacks: (details: (typeof engineers)[number]['details']) => boolean) => {
    const one = engineers.find(({ details }) => lacks(details));
    return one ? String(one.details.runner) : null;
  };
  const isNew = ({ version }: TrainerSeen, place: number) =>
    [first, ...others.slice(0, place)].every((one) => one.version !== version);
  return {
    slots: Math.max(1, slots),
    trainers: [first, ...others.filter(isNew)],
    withoutCuda: addressOf(({ devices }) => !String(devices).split(' ').includes('cuda')),
    withoutIsolation: addressOf(({ isolationTier }) => isolationTier === 0),
  };
}
