import { setTimeout as sleep } from 'node:timers/promises';
import type { Bus } from '@asi/bus';
import { retryable } from '@asi/contracts';
import { connectRunner, type RunnerClient } from '@asi/runner-client';

const staleMilliseconds = 10_000;
/** As for any service: where all processes start at once, whoever is asked may be starting still, and that is no failed try. */
const patienceMilliseconds = 30_000;

/** Finds a runner through the engineers that answer, and keeps the connection while it is the same. */
export function createRunnerFinder(bus: Pick<Bus, 'discover'>, now: () => Date) {
  let known: { url: string; client: RunnerClient; at: number } | null = null;
  const answering = async (): Promise<string | undefined> => {
    const engineers = (await bus.discover()).filter((one) => one.role === 'engineer');
    const urls = engineers.map((one) => String(one.details.runner)).sort();
    return urls.find((one) => one === known?.url) ?? urls[0];
  };
  return {
    /** @throws retryable `no-runner` when no engineer answers within half a minute */
    find: async (): Promise<RunnerClient> => {
      if (known && now().getTime() - known.at < staleMilliseconds) return known.client;
      const deadline = now().getTime() + patienceMilliseconds;
      let url = await answering();
      while (!url && now().getTime() < deadline) {
        await sleep(200);
        url = await answering();
      }
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
