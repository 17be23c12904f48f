/**
 * Which candidates of a campaign have been opened. Only what is stored counts: an opening that failed, whatever it failed
 * of, is tried again at its own place, because every later candidate waits for it.
 */
export type OpenedOrdinals = {
  add(ordinal: number): void;
  /** Largest n such that all candidates 1..n have been opened. */
  upTo(): number;
};

export function createOpenedOrdinals(): OpenedOrdinals {
  const beyond = new Set<number>();
  let end = 0;
  return {
    add: (ordinal) => {
      if (ordinal > end) beyond.add(ordinal);
      while (beyond.delete(end + 1)) end++;
    },
    upTo: () => end,
  };
}
