import type { ConfirmationRule } from '@asi/contracts';
import { largerSpread } from './larger-spread.ts';
import { type Noise, sumOfSquares } from './noise.ts';
import { varianceRatioTail } from './student.ts';

/** Standard deviation of one paired difference, and the degrees of freedom with which it is judged. */
export type SpreadOfPairs = Noise & {
  /** Whether it is that of these pairs alone, because it is larger than that of the reference models. */
  readonly own: boolean;
};

/** Chance with which pairs that spread as the reference models do were taken for more spread out by `pooled-spread`. */
const suspicion = 0.5;

/**
 * By what a mean of paired differences is judged. A difference of two runs of reference models has the variance 2 s^2, known
 * with v degrees of freedom; the n - 1 of the pairs are pooled with it.
 *
 * - `larger-spread`: the larger of the pairs' own and the pooled deviation, always with n - 1 degrees of freedom.
 *   S1: it is never below the pairs' own, so mean / (deviation / sqrt(n)) exceeds Student's quantile for n - 1 degrees of
 *   freedom no oftener than the ordinary paired t does (Student, Biometrika 6, 1908): the level holds for normal differences
 *   of any deviation, at any level however small, and whatever the reference models did.
 *   What they did still guards: few pairs that lie close together by chance look no steadier than they make likely.
 * - `pooled-spread`: of the pairs alone where their variance ratio to 2 s^2 is above its median, pooled and with v + n - 1
 *   degrees of freedom otherwise. Only for records: the choice is by the data, so that at small levels the pairs of unsteady
 *   programs that lie close together by chance are judged by a deviation that is not theirs.
 */
export function spreadOfPairs(differences: readonly number[], noise: Noise, rule: ConfirmationRule): SpreadOfPairs {
  const free = differences.length - 1;
  const squares = sumOfSquares(differences);
  const known = 2 * noise.deviation ** 2;
  const own = { deviation: free > 0 ? Math.sqrt(squares / free) : 0, degreesOfFreedom: free, own: true };
  if (noise.degreesOfFreedom < 1) return own;
  if (rule === 'larger-spread') {
    const deviation = largerSpread(own.deviation, Math.sqrt(known), free, noise.degreesOfFreedom);
    return { deviation, degreesOfFreedom: free, own: deviation === own.deviation };
  }
  const isWider = free > 0 && varianceRatioTail(squares / free / known, free, noise.degreesOfFreedom) < suspicion;
  if (isWider) return own;
  const degreesOfFreedom = noise.degreesOfFreedom + free;
  const pooled = Math.sqrt((noise.degreesOfFreedom * known + squares) / degreesOfFreedom);
  return { deviation: pooled, degreesOfFreedom, own: false };
}
