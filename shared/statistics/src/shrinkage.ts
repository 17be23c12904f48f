import { meanOf, sumOfSquares } from './noise.ts';

/** A quantity that is not known exactly. */
export type Estimate = { readonly mean: number; readonly variance: number };

export type Population = {
  readonly size: number;
  readonly mean: number;
  /** Share by which a deviation from the mean is noise, in [0, 1]. */
  readonly shrinkage: number;
  /** Of one run, between seeds. */
  readonly runVariance: number;
};

/** Fewer merits tell of no population that they come from: nothing can be shrunk towards its mean. */
export const leastForPopulation = 4;

/**
 * The candidates of a campaign as a population N(mu, A) seen through noise of variance V: parametric empirical Bayes for
 * equal variances (Morris, "Parametric Empirical Bayes Inference", JASA 78, 1983). A = max(0, sample variance - V), and
 * the share of noise is B = (k-3)/(k-1) x V/(V+A); none for fewer than four candidates.
 */
export function populationOf(merits: readonly number[], runDeviation: number): Population {
  const size = merits.length;
  const runVariance = runDeviation ** 2;
  if (size === 0) return { size, mean: 0, shrinkage: 0, runVariance };
  const mean = meanOf(merits);
  if (size < leastForPopulation || runVariance === 0) return { size, mean, shrinkage: 0, runVariance };
  const between = Math.max(0, sumOfSquares(merits) / (size - 1) - runVariance);
  return { size, mean, shrinkage: ((size - 3) / (size - 1)) * (runVariance / (runVariance + between)), runVariance };
}

/**
 * What one run says of a candidate's true merit, the population considered: mean (1-B) y + B mu, variance
 * V (1 - B (k-1)/k) + 2/(k-3) B^2 (y - mu)^2 (Morris 1983). Being the best of many needs no further correction: a
 * posterior does not change by what it was selected for (Efron, "Tweedie's Formula and Selection Bias", JASA 106, 2011).
 */
export function shrunkMerit(merit: number, { size, mean, shrinkage, runVariance }: Population): Estimate {
  const uncertainShare = size > 3 ? (2 / (size - 3)) * shrinkage ** 2 * (merit - mean) ** 2 : 0;
  return {
    mean: (1 - shrinkage) * merit + shrinkage * mean,
    variance: runVariance * (1 - (shrinkage * Math.max(0, size - 1)) / Math.max(1, size)) + uncertainShare,
  };
}

export const differenceBetween = (one: Estimate, other: Estimate): Estimate => ({
  mean: one.mean - other.mean,
  variance: one.variance + other.variance,
});

/** Two independent estimates of the same quantity, each weighted by its precision. */
export function combined(one: Estimate, other: Estimate): Estimate {
  if (one.variance <= 0) return one;
  if (other.variance <= 0) return other;
  const precision = 1 / one.variance + 1 / other.variance;
  return { mean: (one.mean / one.variance + other.mean / other.variance) / precision, variance: 1 / precision };
}
