import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@asi/contracts';
import type { Job, RunnerClient } from '@asi/runner-client';

// The broker needs a moment of its own to notice that a lease has run out.
const marginMilliseconds = 1000;

/**
 * Where jobs of a predecessor that was killed still run, or were lost with the runner just now, waits until the broker
 * delivers their commands again, which it then does before new ones: taken first, new commands would wait for the slots
 * that those jobs hold, and what has ended would lie uncollected behind them, in training by every account. What a runner
 * ended in order was collected in order.
 * @param runnerStarted as its capabilities say
 */
export async function awaitRedelivery(
  runner: Pick<RunnerClient, 'list'>,
  runnerStarted: string,
  leaseSeconds: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const uncollected = Math.max(Date.parse(runnerStarted), clock.now().getTime() - leaseSeconds * 1000);
  const isOfPredecessor = ({ state, status, times }: Job) =>
    state !== 'finished' || (status === 'lost' && times.finished !== null && Date.parse(times.finished) >= uncollected);
  const jobs = await runner.list();
  if (jobs.some((job) => job.kind === 'train' && isOfPredecessor(job)))
    await sleep(leaseSeconds * 1000 + marginMilliseconds, undefined, { signal }).catch(() => undefined);
}
