import type { EndReason, Revision } from '@asi/contracts';
import type { JobOutcome, Program } from '@asi/runner-client';
import type { TrainCommand } from './train-work.ts';

export type ProgramText = Extract<Program, { source: string }>;

/** An end that may be the fault of the program. */
export type FailedOutcome = Extract<JobOutcome, { status: 'failed' | 'timeout' }>;

/** A training that ended by the fault of its program, or would end so by what its first steps show. */
export type FailedTraining = {
  readonly command: TrainCommand;
  /** Whether a training has failed, or the first steps of one, which were tried before it. */
  readonly found: 'in-training' | 'in-first-steps';
  /** What was trained, or was to be trained. */
  readonly program: ProgramText;
  /** What the researcher designed: the same, before the first revision. */
  readonly designed: ProgramText;
  readonly outcome: FailedOutcome;
  readonly cause: EndReason;
  /** Of this attempt, in order. */
  readonly earlier: readonly Revision[];
};

export type Mending =
  | { readonly kind: 'revised'; readonly program: ProgramText; readonly revision: Revision }
  | { readonly kind: 'given-up'; readonly why: string };

/** Who mends what fails, in training or in the first steps that are tried before it. The offline engineer has none: a program that fails has failed. */
export type EngineerMind = {
  /**
   * A changed program that is proven legal and keeps the design's intent, or why there is none. Doing it again after a kill
   * costs nothing: the answers of models are in the ledger, those of the runner in its own.
   */
  mend(failed: FailedTraining, signal: AbortSignal): Promise<Mending>;
};
