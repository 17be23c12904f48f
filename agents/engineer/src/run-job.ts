import { retryable, terminal } from '@asi/contracts';
import { type JobOutcome, jobIdSchema, type RunnerClient } from '@asi/runner-client';
import type { NamedJob } from './job-spec.ts';

const mostLosses = 5;

export type Answered = Exclude<JobOutcome, { status: 'cancelled' | 'lost' }>;

/**
 * How a short job ended. One that a dying runner lost, or for which the machine had no time, is submitted again under another
 * name: nothing is known about the program yet. Throws retryable `runner-lost` or `environment`, terminal `cancelled` (the same job would be found cancelled
 * again), and what the runner refuses.
 */
export async function runJob(
  runner: RunnerClient,
  { jobId: name, spec }: NamedJob,
  signal: AbortSignal,
): Promise<Answered> {
  let busy = '';
  for (let loss = 0; loss <= mostLosses; loss++) {
    const jobId = jobIdSchema.parse(loss === 0 ? name : `${name}-again${loss}`);
    await runner.submit(jobId, spec, { signal });
    const { outcome } = await runner.untilFinished(jobId, { signal });
    if (outcome.status === 'cancelled') throw terminal('cancelled', outcome.message);
    busy = outcome.status === 'failed' && outcome.reason === 'environment' ? outcome.message : '';
    if (outcome.status !== 'lost' && busy === '') return outcome;
  }
  if (busy !== '') throw retryable('environment', busy);
  throw retryable('runner-lost', `the runner lost ${name} ${mostLosses + 1} times`);
}
