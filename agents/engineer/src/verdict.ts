import type { ArtifactHash } from '@asi/contracts';
import type { JobOutcome } from '@asi/runner-client';
import type { Verdict } from './train-work.ts';

type Ended = Exclude<JobOutcome, { status: 'ok' }>;

/** What an end without a measurement means for the experiment: a lost job is tried again, everything else is the program's own. */
export function failureVerdict(outcome: Ended, evidenceHash: ArtifactHash | null): Verdict {
  switch (outcome.status) {
    case 'lost':
      return failed('retryable', 'runner-lost', outcome.message, evidenceHash);
    case 'cancelled':
      return failed('terminal', 'cancelled', outcome.message, evidenceHash);
    case 'timeout':
      return failed('terminal', 'timeout', outcome.message, evidenceHash);
    case 'failed':
      return failed(
        outcome.reason === 'environment' ? 'retryable' : 'terminal',
        outcome.reason,
        outcome.message,
        evidenceHash,
      );
  }
}

/** The evidence of an end, as text for the archive; null when there is none. */
export function evidenceOf(outcome: Ended): string | null {
  const evidence = 'evidence' in outcome ? outcome.evidence : {};
  return Object.keys(evidence).length > 0 ? JSON.stringify(evidence, null, 2) : null;
}

const failed = (
  kind: 'terminal' | 'retryable',
  code: string,
  message: string,
  evidenceHash: ArtifactHash | null,
): Verdict => ({
  kind: 'failed',
  failure: { kind, reason: { code, message, evidenceHash } },
});
