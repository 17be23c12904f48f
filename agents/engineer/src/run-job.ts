import { retryable, terminal } from '@asi/contracts';
import {
  type JobOutcome,
  type Persistence,
  type RunnerClient,
  submitUntilTold,
  usualPersistence,
} from '@asi/runner-client';
import type { NamedJob } from './job-spec.ts';

export type Answered = Exclude<JobOutcome, { status: 'cancelled' | 'lost' }>;

/**
 * How a short job ended. Throws retryable `runner-lost` or `environment` when it did so too often without telling anything of the
 * program, terminal `cancelled` (the same job would be found cancelled again), and what the runner refuses.
 */
export async function runJob(runner: RunnerClient, job: NamedJob, signal: AbortSignal): Promise<Answered> {
  const outcome = await ended(runner, job, signal, usualPersistence);
  if (outcome.status === 'failed' && outcome.reason === 'environment') throw retryable('environment', outcome.message);
  return outcome;
}

/**
 * The same of a probe that a model asked for: that the machine had no time for it, twice, is an answer too. What loops for ever
 * beside other work looks like that, and a question without an answer would hold the experiment.
 */
export function runProbe(runner: RunnerClient, job: NamedJob, signal: AbortSignal): Promise<Answered> {
  return ended(runner, job, signal, { most: 2, counts: 'all' });
}

async function ended(
  runner: RunnerClient,
  { jobId, spec }: NamedJob,
  signal: AbortSignal,
  persistence: Persistence,
): Promise<Answered> {
  const outcome = await submitUntilTold(runner, jobId, spec, signal, persistence);
  if (outcome.status === 'cancelled') throw terminal('cancelled', outcome.message);
  if (outcome.status === 'lost') throw retryable('runner-lost', `the runner lost ${jobId} ${persistence.most} times`);
  return outcome;
}
