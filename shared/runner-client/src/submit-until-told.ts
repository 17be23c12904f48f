import type { JobOutcome } from './job-outcome.ts';
import { type JobSpec, jobIdSchema } from './job-spec.ts';
import type { RunnerClient } from './runner-client.ts';

const mostLosses = 5;
/** How often a job is submitted in all. */
export const mostSubmissions = mostLosses + 1;

/**
 * How a job ended. One that a dying runner lost, or for which the machine had no time, is submitted again under another name:
 * nothing is known about the program yet, and under the same name the runner only tells again how that one ended. The last such
 * end is given back when it is too often.
 */
export async function submitUntilTold(
  runner: Pick<RunnerClient, 'submit' | 'untilFinished'>,
  name: string,
  spec: JobSpec,
  signal: AbortSignal,
): Promise<JobOutcome> {
  for (let loss = 0; ; loss++) {
    const jobId = jobIdSchema.parse(loss === 0 ? name : `${name}-again${loss}`);
    await runner.submit(jobId, spec, { signal });
    const { outcome } = await runner.untilFinished(jobId, { signal });
    if (!tellsNothing(outcome) || loss >= mostLosses) return outcome;
  }
}

const tellsNothing = (outcome: JobOutcome): boolean =>
  outcome.status === 'lost' || (outcome.status === 'failed' && outcome.reason === 'environment');
