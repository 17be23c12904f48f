import { type FitnessScale, fitnessOf } from './fitness.ts';
import { type Noise, pooledNoise } from './noise.ts';
import { type MeritInput, placedAt } from './placed-at.ts';

/** Fewer degrees of freedom say nothing of how loss and battery move together. */
export const leastForCorrelation = 4;

/**
 * Standard deviation of the merit of one run between seeds, for a program as good as the baseline: pooled over the runs of each model, moved
 * there (`placedAt`). Of two runs of one model loss and battery can cancel each other to nothing, by the chance of two signs; with fewer
 * than four degrees of freedom it is therefore at least what the two would give if they moved independently of each other.
 */
export function meritNoise(models: ReadonlyArray<readonly MeritInput[]>, scale: FitnessScale): Noise {
  const gains = models.map((runs) => placedAt(scale.baseline, runs).map((one) => fitnessOf(one, scale, null)));
  const noiseOf = (part: 'merit' | 'loss' | 'benchmark') =>
    pooledNoise(gains.map((runs) => runs.map((one) => one[part])));
  const together = noiseOf('merit');
  if (together.degreesOfFreedom >= leastForCorrelation) return together;
  const apart = Math.hypot(noiseOf('loss').deviation, noiseOf('benchmark').deviation) / 2;
  return { ...together, deviation: Math.max(together.deviation, apart) };
}
