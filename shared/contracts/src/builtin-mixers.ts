import { baselineComponents } from './baseline-components.ts';

/** The trainer's own mixers, in the order of its registry (a test compares the two). */
export const builtinMixers = [
  'delta-net',
  'gated-delta-net',
  'mamba2',
  'gla',
  'retnet',
  'linear-attention',
  'softmax-attention',
  'convolution-only',
  'path-gate-fusion-net',
  'content-sharp-router',
  'fusion-gated-fir-net',
  'hier-gate-net',
  'ada-multi-path-gate-net',
] as const;

/**
 * Baselines that stand on the leaderboard for comparison only: softmax attention is quadratic, the convolution alone keeps
 * no state, and the others have parts that the grammar of designs cannot say, so no design descends from them.
 */
export const referenceOnlyBaselines: readonly string[] = builtinMixers.filter((name) => !(name in baselineComponents));
