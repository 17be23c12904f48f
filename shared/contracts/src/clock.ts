/** Time, injected so that tests and replays decide what time it is. */
export type Clock = {
  readonly now: () => Date;
};

export const systemClock: Clock = { now: () => new Date() };
