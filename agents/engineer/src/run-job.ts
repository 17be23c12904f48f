import { retryable, terminal } from '@asi/contracts';
import { type JobOutcome, mostSubmissions, type RunnerClient, submitUntilTold } from '@asi/runner-client';
import type { NamedJob } from './job-spec.ts';

export type Answered = Exclude<JobOutcome, { status: 'cancelled' | 'lost' }>;

/**
 * How a short job ended. Throws retryable `runner-lost` or `environment` when it did so too often without telling anything of the
 * program, terminal `cancelled` (the same job would be found cancelled again), and what the runner refuses.
 */
export async function runJob(runner: RunnerClient, { jobId, spec }: NamedJob, signal: AbortSignal): Promise<Answered> {
  const outcome = await submitUntilTold(runner, jobId, spec, signal);
  if (outcome.status === 'cancelled') throw terminal('cancelled', outcome.message);
  if (outcome.status === 'lost') throw retryable('runner-lost', `the runner lost ${jobId} ${mostSubmissions} times`);
  if (outcome.status === 'failed' && outcome.reason === 'environment') throw retryable('environment', outcome.message);
  return outcome;
}
