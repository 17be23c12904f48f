import { inverseOf, matrixOf } from './positive-definite.ts';
import type { Statistics } from './statistics.ts';

/** Prior standard deviation of a component's effect on merit: most components move merit by less than a tenth. */
export const effectDeviation = 0.1;
/** Prior standard deviation of the merit of the average design around that of DeltaNet. */
export const interceptDeviation = 0.5;
/** Merit cannot be known better than this, however equal the seeds were. */
const smallestNoise = 1e-3;
const refinements = 3;

/** Normal posterior of the intercept (index 0) and the effects, in the column order of the statistics. */
export type Posterior = {
  readonly mean: Float64Array;
  readonly covariance: readonly Float64Array[];
  /** Standard deviation of one observation around the additive model. */
  readonly noise: number;
};

/**
 * Bayesian linear regression with normal priors (ridge; Bishop, Pattern Recognition and Machine Learning, eq. 3.50-3.54):
 * covariance V = (X'X / s^2 + diag(1 / tau^2))^-1, mean V X'y / s^2.
 *
 * The noise s is known from the seeds, and taken larger where the additive model leaves more unexplained than seeds can:
 * then components interact, and intervals that knew only the seeds would be too narrow.
 * s^2 = max(seeds, RSS / (n - effective parameters)), repeated a fixed number of times.
 */
export function posteriorOf(statistics: Statistics, seedNoise: number): Posterior {
  const floor = Math.max(seedNoise, smallestNoise) ** 2;
  let variance = floor;
  let posterior = givenNoise(statistics, variance);
  for (let round = 0; round < refinements; round++) {
    variance = Math.max(floor, residualVariance(statistics, posterior, variance));
    posterior = givenNoise(statistics, variance);
  }
  return { ...posterior, noise: Math.sqrt(variance) };
}

type Estimate = Pick<Posterior, 'mean' | 'covariance'>;

function givenNoise(statistics: Statistics, variance: number): Estimate {
  const size = statistics.labels.length + 1;
  const precision = matrixOf(size, (i, j) => {
    const deviation = i === 0 ? interceptDeviation : effectDeviation;
    return statistics.gram(i, j) / variance + (i === j ? 1 / deviation ** 2 : 0);
  });
  const covariance = inverseOf(precision);
  const mean = Float64Array.from(covariance, (row) => {
    let sum = 0;
    for (let j = 0; j < size; j++) sum += (row[j] ?? 0) * statistics.moment(j);
    return sum / variance;
  });
  return { mean, covariance };
}

function residualVariance(statistics: Statistics, { mean, covariance }: Estimate, variance: number): number {
  let squares = statistics.squares();
  let parameters = 0;
  for (let i = 0; i < mean.length; i++) {
    squares -= 2 * (mean[i] ?? 0) * statistics.moment(i);
    for (let j = 0; j < mean.length; j++) {
      const shared = statistics.gram(i, j);
      squares += (mean[i] ?? 0) * (mean[j] ?? 0) * shared;
      parameters += ((covariance[i]?.[j] ?? 0) * shared) / variance;
    }
  }
  return Math.max(0, squares) / Math.max(1, statistics.count(0) - parameters);
}
