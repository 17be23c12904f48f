import type { ArtifactHash, EndReason } from '@asi/contracts';
import { type JobOutcome, type JobTimes, mayBeFromOutside } from '@asi/runner-client';
import type { Verdict } from './train-work.ts';

type Ended = Exclude<JobOutcome, { status: 'ok' }>;

/** What an end without a measurement means for the experiment: what may have come from outside is tried again, everything else is the program's own. */
export function failureVerdict(outcome: Ended, times: JobTimes, evidenceHash: ArtifactHash | null): Verdict {
  const { kind, code } = meaningOf(outcome);
  return {
    kind: 'failed',
    failure: { kind, reason: { code, message: outcome.message, evidenceHash }, seconds: secondsOf(times) },
  };
}

function meaningOf(outcome: Ended): { readonly kind: 'terminal' | 'retryable'; readonly code: string } {
  switch (outcome.status) {
    case 'lost':
      return { kind: 'retryable', code: 'runner-lost' };
    case 'cancelled':
      return { kind: 'terminal', code: 'cancelled' };
    case 'timeout':
      return { kind: 'terminal', code: 'timeout' };
    case 'failed':
      return { kind: mayBeFromOutside(outcome) ? 'retryable' : 'terminal', code: outcome.reason };
  }
}

/** What the record of a change calls the first steps of a training that led to it, without its evidence. */
export const causeOf = (outcome: Ended): Pick<EndReason, 'code' | 'message'> => ({
  code: meaningOf(outcome).code,
  message: `In the first steps, which were tried before training: ${outcome.message}`,
});

/** How long a job's process was there; null when the runner does not say. */
function secondsOf({ started, finished }: JobTimes): number | null {
  if (started === null) return 0;
  return finished === null ? null : Math.max(0, (Date.parse(finished) - Date.parse(started)) / 1000);
}

/** The evidence of an end, as text for the archive; null when there is none. */
export function evidenceOf(outcome: Ended): string | null {
  const evidence = 'evidence' in outcome ? outcome.evidence : {};
  return Object.keys(evidence).length > 0 ? JSON.stringify(evidence, null, 2) : null;
}
