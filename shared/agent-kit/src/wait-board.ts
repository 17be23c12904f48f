import type { EndpointWait } from '@asi/contracts';

/** Endpoints that a process waits for now, for `asi status` and `asi run`. */
export type WaitBoard = {
  /** Whoever asks endpoints says here which of them serve nobody, each time that somebody looks. */
  watch(look: () => readonly EndpointWait[]): void;
  /** Each endpoint once, with the longest wait for it. */
  list(): EndpointWait[];
};

export function createWaitBoard(): WaitBoard {
  const looks: Array<() => readonly EndpointWait[]> = [];
  return {
    watch: (look) => void looks.push(look),
    list: () => {
      const waits = looks.flatMap((look) => look()).sort((a, b) => b.since.localeCompare(a.since));
      return [...new Map(waits.map((one) => [one.endpoint, one])).values()];
    },
  };
}
