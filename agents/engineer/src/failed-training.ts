import type { Revision } from '@asi/contracts';
import type { FailureReason, FinishedEvent, Program } from '@asi/runner-client';
import type { FailedTraining } from './mind.ts';
import type { TrainCommand, Verdict } from './train-work.ts';

/** Ends that a change of the program may mend; the others are the machine's, or a person's. */
const mendable: ReadonlySet<FailureReason> = new Set([
  'program-invalid',
  'crashed',
  'diverged',
  'out-of-memory',
  'bad-frame',
  'worker-died',
  'stopped-early',
]);

export type Trained = {
  readonly command: TrainCommand;
  readonly program: Program | null;
  readonly designed: Program | null;
  readonly finished: FinishedEvent | null;
  readonly verdict: Verdict | null;
  readonly revisions: readonly Revision[];
};

/** The failure that a mind may mend; null when it is none, or the command allows no (further) revision. */
export function failedTrainingOf(trained: Trained): FailedTraining | null {
  const { command, program, designed, finished, verdict, revisions } = trained;
  const { mind, mending } = command.data;
  if (mind !== 'llm' || !mending || revisions.length >= mending.revisions) return null;
  if (verdict?.kind !== 'failed' || !finished) return null;
  if (!program || program.origin === 'builtin' || !designed || designed.origin === 'builtin') return null;
  const { outcome } = finished;
  const isOwnFault = outcome.status === 'timeout' || (outcome.status === 'failed' && mendable.has(outcome.reason));
  if (!isOwnFault) return null;
  return { command, program, designed, outcome, cause: verdict.failure.reason, earlier: revisions };
}
