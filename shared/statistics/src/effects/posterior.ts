import type { EstimableSums } from './most-tried.ts';
import { inverseOf, type Matrix } from './positive-definite.ts';

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
  readonly covariance: Matrix;
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
export function posteriorOf(statistics: EstimableSums, seedNoise: number): Posterior {
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

function givenNoise(statistics: EstimableSums, variance: number): Estimate {
  const size = statistics.labels.length + 1;
  const entries = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) entries[i * size + j] = statistics.gram(i, j) / variance;
    const deviation = i === 0 ? interceptDeviation : effectDeviation;
    entries[i * size + i] = (entries[i * size + i] as number) + 1 / deviation ** 2;
  }
  const covariance = inverseOf({ size, entries });
  const mean = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let j = 0; j < size; j++) sum += (covariance.entries[i * size + j] as number) * statistics.moment(j);
    mean[i] = sum / variance;
  }
  return { mean, covariance };
}

function residualVariance(statistics: EstimableSums, { mean, covariance }: Estimate, variance: number): number {
  let squares = statistics.squares();
  let parameters = 0;
  const { size, entries } = covariance;
  for (let i = 0; i < size; i++) {
    squares -= 2 * (mean[i] as number) * statistics.moment(i);
    for (let j = 0; j < size; j++) {
      const shared = statistics.gram(i, j);
      if (shared === 0) continue;
      squares += (mean[i] as number) * (mean[j] as number) * shared;
      parameters += ((entries[i * size + j] as number) * shared) / variance;
    }
  }
  return Math.max(0, squares) / Math.max(1, statistics.count(0) - parameters);
}
