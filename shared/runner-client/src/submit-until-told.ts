import { type JobOutcome, mayBeFromOutside } from './job-outcome.ts';
import { type JobSpec, jobIdSchema } from './job-spec.ts';
import type { RunnerClient } from './runner-client.ts';
import { isRunnerError } from './runner-error.ts';

/** However often who asks is asked again: each name leaves a job in the runner's ledger. */
const mostNames = 60;

export type Persistence = {
  /** Submissions whose end tells nothing of the program, before the last such end is given back. */
  readonly most: number;
  /** Whether one counts for which the machine had no time in an earlier asking: then the same question has the same answer. */
  readonly counts: 'new' | 'all';
};

export const usualPersistence: Persistence = { most: 6, counts: 'new' };

/**
 * How a job ended. One that a dying runner lost, or for which the machine had no time, is submitted again under another name:
 * nothing is known about the program yet, and under the same name the runner only tells again how that one ended. The last such
 * end is given back when it is too often; who asks again later gets new submissions where the machine had no time then, and none
 * where the runner died: a program may be what kills it. A name that other work has is passed over: another version of who
 * asks may have drawn another program for the same question.
 */
export async function submitUntilTold(
  runner: Pick<RunnerClient, 'submit' | 'untilFinished'>,
  name: string,
  spec: JobSpec,
  signal: AbortSignal,
  { most, counts }: Persistence = usualPersistence,
): Promise<JobOutcome> {
  let told = 0;
  for (let index = 0; ; index++) {
    const jobId = jobIdSchema.parse(index === 0 ? name : `${name}-again${index}`);
    const submitted = await runner.submit(jobId, spec, { signal }).catch((error: unknown) => {
      if (isTaken(error) && index + 1 < mostNames) return null;
      throw error;
    });
    if (submitted === null) continue;
    const { existed, job } = submitted;
    const isOld = existed && job.state === 'finished';
    const { outcome } = await runner.untilFinished(jobId, { signal });
    if (!tellsNothing(outcome)) return outcome;
    if (outcome.status === 'lost' || !isOld || counts === 'all') told++;
    if (told >= most || index + 1 >= mostNames) return outcome;
  }
}

const isTaken = (error: unknown): boolean => isRunnerError(error) && error.code === 'job-conflict';

const tellsNothing = (outcome: JobOutcome): boolean => outcome.status === 'lost' || mayBeFromOutside(outcome);
