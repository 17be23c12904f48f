import { setInterval as every } from 'node:timers/promises';
import type { Job, RunnerClient } from '@asi/runner-client';

const lookMilliseconds = 1000;

/**
 * Calls `onSlot` once a job has left the queue of its runner. No event says so: the first one comes from the job's own
 * process, seconds later, when it has loaded what it needs; the runner's time `started` is that of the launch.
 * Ends with the signal.
 */
export async function watchForSlot(
  runner: Pick<RunnerClient, 'get'>,
  submitted: Job,
  onSlot: () => void,
  signal: AbortSignal,
): Promise<void> {
  let { times } = submitted;
  try {
    if (times.started === null) {
      for await (const _ of every(lookMilliseconds, undefined, { signal })) {
        // A runner that is away is the watch's matter; here it is asked again.
        times = (await runner.get(submitted.jobId, { signal }).catch(() => null))?.job.times ?? times;
        if (times.started !== null) break;
      }
    }
    onSlot();
  } catch {
    // The signal: the job has ended, or nobody follows it any more.
  }
}
