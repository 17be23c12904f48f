import { setTimeout as sleep } from 'node:timers/promises';
import type { RunnerClient } from '@asi/runner-client';

// The broker needs a moment of its own to notice that a lease has run out.
const marginMilliseconds = 1000;

/**
 * Where jobs of a predecessor that was killed still run, waits until the broker delivers their commands again, which it
 * then does before new ones: taken first, new commands would wait for the slots that those jobs hold, and the finished
 * ones would lie uncollected behind them.
 */
export async function awaitRedelivery(
  runner: Pick<RunnerClient, 'list'>,
  leaseSeconds: number,
  signal: AbortSignal,
): Promise<void> {
  const running = await runner.list({ states: ['queued', 'running'] });
  const trainings = running.filter(({ kind }) => kind === 'train');
  if (trainings.length > 0)
    await sleep(leaseSeconds * 1000 + marginMilliseconds, undefined, { signal }).catch(() => undefined);
}
