/** The state of all processes, asked for once for all clients, and only while one listens. */
export type StatusFeed = {
  listen(see: (status: unknown) => void): () => void;
  stop(): void;
};

const everyMilliseconds = 2000;

export function createStatusFeed(ask: () => Promise<unknown>, onError: (error: unknown) => void): StatusFeed {
  const listeners = new Set<(status: unknown) => void>();
  let timer: NodeJS.Timeout | null = null;
  const round = async (): Promise<void> => {
    try {
      const status = await ask();
      for (const listener of listeners) listener(status);
    } catch (error) {
      onError(error);
    }
    timer = listeners.size > 0 ? setTimeout(round, everyMilliseconds) : null;
  };
  return {
    listen: (see) => {
      listeners.add(see);
      timer ??= setTimeout(round, 0);
      return () => listeners.delete(see);
    },
    stop: () => {
      listeners.clear();
      if (timer) clearTimeout(timer);
    },
  };
}
