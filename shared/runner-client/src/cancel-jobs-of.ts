import type { CallOptions, RunnerClient } from './runner-client.ts';

/**
 * Cancels whatever this attempt at an experiment has waiting or running on the runner. Jobs of other attempts carry other
 * tokens and stay. Those that the runner did not cancel come back, with its reasons.
 */
export async function cancelJobsOf(
  runner: Pick<RunnerClient, 'list' | 'cancel'>,
  { experimentId, token }: { readonly experimentId: string; readonly token: string },
  options: CallOptions = {},
): Promise<Array<{ readonly jobId: string; readonly error: unknown }>> {
  const jobs = await runner.list({ labels: { experiment: experimentId }, states: ['queued', 'running'] }, options);
  const ends = await Promise.all(
    jobs.map(({ jobId }) =>
      runner.cancel(jobId, { token }, options).then(
        () => [],
        (error: unknown) => [{ jobId, error }],
      ),
    ),
  );
  return ends.flat();
}
