import type { ExperimentOutcome, Reference } from '@asi/contracts';
import { fitnessOf } from './fitness.ts';

/** A settled training, as far as a confirmation needs it. */
export type SettledRun = {
  readonly outcome: ExperimentOutcome;
  readonly measured: { readonly languageModelLoss: number; readonly battery: number } | null;
  /** Why it has no measurement. */
  readonly code: string | null;
  /** Whether the rest of a sequence may have helped it: then its scores are of prefixes alone, and show nothing. */
  readonly suspectLeak: boolean;
};

/** The merit by which a training counts in a confirmation; null where it shows nothing, or is not settled. */
export const meritThatCounts = (run: SettledRun | undefined, reference: Reference): number | null =>
  run?.measured && !run.suspectLeak ? fitnessOf(run.measured, reference, null).merit : null;
