import type { EndReason, Revision } from '@asi/contracts';
import type { FailureReason, JobOutcome, Program } from '@asi/runner-client';
import type { FailedOutcome, FailedTraining, ProgramText } from './mind.ts';
import type { TrainCommand } from './train-work.ts';

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

/** A program on its way to a measurement. */
export type Trained = {
  readonly command: TrainCommand;
  readonly program: Program | null;
  readonly designed: Program | null;
  readonly revisions: readonly Revision[];
  /** Why the mind gave this program up; null: it was not asked, or has changed it. */
  readonly givenUp: string | null;
};

/** What was seen of it, and the reason that this is on the record. */
export type Seen = Pick<FailedTraining, 'found'> & { readonly outcome: JobOutcome; readonly cause: EndReason };

/** The text of a program that a mind may (still) change, with the text that was designed; null where it may not. */
function changeable({
  command,
  program,
  designed,
  revisions,
  givenUp,
}: Trained): Record<'program' | 'designed', ProgramText> | null {
  const { mind, mending } = command.data;
  if (mind !== 'llm' || !mending || revisions.length >= mending.revisions || givenUp !== null) return null;
  if (!program || program.origin === 'builtin' || !designed || designed.origin === 'builtin') return null;
  return { program, designed };
}

/** Whether its first steps are tried before its training: only where a fault of theirs could be mended. */
export const isTriedFirst = (trained: Trained): boolean =>
  trained.command.data.mending?.probeBeforeTraining === true && changeable(trained) !== null;

/** The failure that a mind may mend; null when it is none, or the command allows no (further) revision. */
export function failedTrainingOf(trained: Trained, seen: Seen | null): FailedTraining | null {
  const texts = changeable(trained);
  if (!texts || !seen || !isOwnFault(seen.outcome)) return null;
  const { found, outcome, cause } = seen;
  return { command: trained.command, ...texts, found, outcome, cause, earlier: trained.revisions };
}

export const isOwnFault = (outcome: JobOutcome): outcome is FailedOutcome =>
  outcome.status === 'timeout' || (outcome.status === 'failed' && mendable.has(outcome.reason));
