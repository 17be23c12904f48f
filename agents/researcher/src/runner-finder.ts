import type { Bus } from '@asi/bus';
import { retryable } from '@asi/contracts';
import { connectRunner, type RunnerClient } from '@asi/runner-client';

const staleMilliseconds = 10_000;

/** Finds a runner through the engineers that answer, and keeps the connection while it is the same. */
export function createRunnerFinder(bus: Bus, now: () => Date) {
  let known: { url: string; client: RunnerClient; at: number } | null = null;
  return {
    find: async (): Promise<RunnerClient> => {
      if (known && now().getTime() - known.at < staleMilliseconds) return known.client;
      const engineers = (await bus.discover()).filter((one) => one.role === 'engineer');
      const urls = engineers.map((one) => String(one.details.runner)).sort();
      const url = urls.find((one) => one === known?.url) ?? urls[0];
      if (!url)
        throw retryable('no-runner', 'no engineer answers, so no runner is known', { retryAfterMilliseconds: 500 });
      if (known?.url !== url) {
        known?.client.close();
        known = { url, client: connectRunner(url), at: now().getTime() };
      } else {
        known = { ...known, at: now().getTime() };
      }
      return known.client;
    },
    forget: () => {
      if (known) known = { ...known, at: 0 };
    },
    close: () => known?.client.close(),
  };
}
export type RunnerFinder = ReturnType<typeof createRunnerFinder>;
