import type { Places } from '@asi/bus';

export type TrainingPlaces = Places & {
  /** Leaves the place for as long as this work lasts, and comes back to it whether or not somebody took it meanwhile. */
  aside<Result>(work: () => Promise<Result>): Promise<Result>;
};

/**
 * Places for as many commands as the runner trains at once. A command whose program a model is mending has none: the
 * slot it trained in is free meanwhile. When it comes back there may be more commands than slots; the runner's queue has
 * them in order, and no further one is taken before there is a place again, so that a busy runner hoards none.
 */
export function createTrainingPlaces(slots: number): TrainingPlaces {
  let taken = 0;
  const waiting = new Set<() => void>();
  const leave = () => {
    taken--;
    for (const look of waiting) look();
  };
  return {
    take: (signal) =>
      new Promise((resolve) => {
        const look = () => {
          if (taken >= slots && !signal.aborted) return;
          waiting.delete(look);
          signal.removeEventListener('abort', look);
          taken++;
          resolve();
        };
        signal.addEventListener('abort', look, { once: true });
        waiting.add(look);
        look();
      }),
    leave,
    aside: async (work) => {
      leave();
      try {
        return await work();
      } finally {
        taken++;
      }
    },
  };
}
