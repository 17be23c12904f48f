import type { EndReason } from '@asi/contracts';
import type { FailedOutcome } from '../mind.ts';

/** What the first steps of a training showed, with the reason as it goes on the record. */
export type FirstSteps =
  | { readonly kind: 'sound' }
  | { readonly kind: 'faulty'; readonly outcome: FailedOutcome; readonly cause: EndReason };
