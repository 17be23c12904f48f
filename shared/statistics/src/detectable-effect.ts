import { logGamma } from './incomplete-beta.ts';
import type { Noise } from './noise.ts';
import { normalCdf } from './normal.ts';
import { studentUpperQuantile } from './student.ts';

/**
 * Power of the one-sided test "T > needed" with Student's T of v degrees of freedom, when the difference is `shift`
 * standard errors: P = integral of Phi(shift - needed s) over the density of s = sqrt(chi^2_v / v), which is the
 * distribution function of the non-central t (Johnson, Kotz and Balakrishnan, chapter 31). Simpson's rule, 400 steps.
 *
 * @param judgedBy what the test divides by where it is not s itself: a function of s, both in true standard errors
 */
export function powerOf(
  shift: number,
  needed: number,
  degreesOfFreedom: number,
  judgedBy: (s: number) => number = (s) => s,
): number {
  const v = degreesOfFreedom;
  const width = Math.min(1, 10 / Math.sqrt(2 * v));
  const from = Math.max(0, 1 - width);
  const to = 1 + Math.max(width, 10 / Math.sqrt(2 * v));
  const logScale = Math.log(2) + (v / 2) * Math.log(v / 2) - logGamma(v / 2);
  const density = (s: number) =>
    s <= 0 ? (v === 1 ? Math.exp(logScale) : 0) : Math.exp(logScale + (v - 1) * Math.log(s) - (v * s * s) / 2);
  const steps = 400;
  const step = (to - from) / steps;
  let sum = 0;
  for (let index = 0; index <= steps; index++) {
    const s = from + index * step;
    const weight = index === 0 || index === steps ? 1 : index % 2 === 1 ? 4 : 2;
    sum += weight * density(s) * normalCdf(shift - needed * judgedBy(s));
  }
  return (sum * step) / 3;
}

/**
 * Smallest true difference that a two-sided 5 % test of two means finds with this power, when each is the mean of `runs`
 * runs: delta with power(delta / (deviation sqrt(2 / runs))) = power. Of pairs the common seed is not counted as a gain.
 * Infinite where the noise is not known.
 */
export function minimumDetectableEffect(noise: Noise, runs: number, power = 0.8, level = 0.05): number {
  if (noise.degreesOfFreedom < 1) return Number.POSITIVE_INFINITY;
  const needed = studentUpperQuantile(level / 2, noise.degreesOfFreedom);
  let low = 0;
  let high = needed + 20;
  while (powerOf(high, needed, noise.degreesOfFreedom) < power) high *= 2;
  for (let halving = 0; halving < 50; halving++) {
    const middle = (low + high) / 2;
    if (powerOf(middle, needed, noise.degreesOfFreedom) < power) low = middle;
    else high = middle;
  }
  return ((low + high) / 2) * noise.deviation * Math.sqrt(2 / runs);
}
