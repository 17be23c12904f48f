const ends: ReadonlySet<string> = new Set(['completed', 'rejected', 'failed', 'cancelled']);

/** The state of an experiment in words: where nothing is at work, what is under way stands still. */
export const stateWords = (state: string, atWork: boolean): string =>
  atWork || ends.has(state) ? state : `unfinished, stopped in ${state}`;
