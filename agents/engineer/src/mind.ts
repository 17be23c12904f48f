import type { EndReason, Revision } from '@asi/contracts';
import type { JobOutcome, Program } from '@asi/runner-client';
import type { TrainCommand } from './train-work.ts';

export type ProgramText = Extract<Program, { source: string }>;

/** A training that ended by the fault of its program. */
export type FailedTraining = {
  readonly command: TrainCommand;
  /** What was trained. */
  readonly program: ProgramText;
  /** What the researcher designed: the same, before the first revision. */
  readonly designed: ProgramText;
  readonly outcome: Extract<JobOutcome, { status: 'failed' | 'timeout' }>;
  readonly cause: EndReason;
  /** Of this attempt, in order. */
  readonly earlier: readonly Revision[];
};

export type Mending =
  | { readonly kind: 'revised'; readonly program: ProgramText; readonly revision: Revision }
  | { readonly kind: 'given-up'; readonly why: string };

/** Who mends what fails. The offline engineer has none: a program that fails has failed. */
export type EngineerMind = {
  /**
   * A changed program that is proven legal and keeps the design's intent, or why there is none. Doing it again after a kill
   * costs nothing: the answers of models are in the ledger, those of the runner in its own.
   */
  mend(failed: FailedTraining, signal: AbortSignal): Promise<Mending>;
};
