import { studentQuantile95 } from '@asi/contracts';
import type { Noise } from '@asi/statistics';
import { possibleDifference } from '@asi/statistics';

export type Verdict = 'better' | 'worse' | 'inside-noise';

export type Difference = {
  readonly value: number;
  /** 95 % interval; from -1 to 1 where the noise is unknown. */
  readonly low: number;
  readonly high: number;
  readonly verdict: Verdict;
};

/**
 * Difference of the means of two groups of runs with a common standard deviation of one run:
 * deviation x sqrt(1/n + 1/m), times Student's t because the deviation was estimated (Welch's special case of equal
 * variances). It does not correct for having chosen the best of many.
 */
export function differenceOf(
  one: { readonly mean: number; readonly runs: number },
  other: { readonly mean: number; readonly runs: number },
  noise: Noise,
): Difference {
  const value = one.mean - other.mean;
  const deviation = noise.deviation * Math.sqrt(1 / one.runs + 1 / other.runs);
  const reach = studentQuantile95(noise.degreesOfFreedom) * deviation;
  const half = Number.isFinite(reach) ? reach : 1;
  const low = possibleDifference(value - half);
  const high = possibleDifference(value + half);
  return { value, low, high, verdict: low > 0 ? 'better' : high < 0 ? 'worse' : 'inside-noise' };
}
