import { setTimeout as sleep } from 'node:timers/promises';
import type { Job, RunnerClient } from '@asi/runner-client';

// A free slot is taken at once; who waits for one waits for the end of a training.
const [firstLookMilliseconds, longestPauseMilliseconds] = [50, 1000];

/**
 * Calls `onSlot` once a job has left the queue of its runner. No event says so: the first one comes from the job's own
 * process, seconds later, when it has loaded what it needs; the runner's time `started` is that of the launch.
 * Ends with the signal.
 */
export async function watchForSlot(
  runner: Pick<RunnerClient, 'get'>,
  { jobId, times }: Job,
  onSlot: () => void,
  signal: AbortSignal,
): Promise<void> {
  let { started } = times;
  for (let pause = firstLookMilliseconds; started === null; pause = Math.min(2 * pause, longestPauseMilliseconds)) {
    await sleep(pause, undefined, { signal }).catch(() => undefined);
    // The job has ended, or nobody follows it any more.
    if (signal.aborted) return;
    // A runner that is away is the watch's matter; here it is asked again.
    started = (await runner.get(jobId, { signal }).catch(() => null))?.job.times.started ?? null;
  }
  if (!signal.aborted) onSlot();
}
