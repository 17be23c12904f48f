import type { HelperName } from './helpers.ts';

/** What one part of the mixer contributes to the program; lines are relative to their block's indentation. */
export type Fragment = {
  /** Module-level functions that this part calls. */
  readonly helpers?: readonly HelperName[];
  /** Module-level definitions of this part's own. */
  readonly definitions?: readonly string[];
  readonly init?: readonly string[];
  readonly forward?: readonly string[];
};
