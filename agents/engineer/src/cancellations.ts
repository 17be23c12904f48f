/** Trainings that were called off while nobody's job runs: a mind may be thinking about one. */
export type Cancellations = {
  /** Runs the work of a command, which can be cancelled by its token meanwhile. */
  during<Result>(token: string, work: () => Promise<Result>): Promise<Result>;
  /** Aborted once the command with this token is cancelled; never, when it is not under way here. */
  signalOf(token: string): AbortSignal;
  cancel(token: string): void;
};

export function createCancellations(): Cancellations {
  // A message that is delivered again may overlap with its earlier delivery for a moment.
  const underWay = new Map<string, { readonly controller: AbortController; uses: number }>();
  return {
    during: async (token, work) => {
      const entry = underWay.get(token) ?? { controller: new AbortController(), uses: 0 };
      underWay.set(token, entry);
      entry.uses++;
      try {
        return await work();
      } finally {
        entry.uses--;
        if (entry.uses === 0) underWay.delete(token);
      }
    },
    signalOf: (token) => underWay.get(token)?.controller.signal ?? new AbortController().signal,
    cancel: (token) => underWay.get(token)?.controller.abort(),
  };
}
