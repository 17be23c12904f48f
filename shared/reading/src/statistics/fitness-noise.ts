import type { ExperimentRecord, Reference } from '@asi/contracts';
import { leastForCorrelation, pooledNoise } from '@asi/statistics';

/**
 * Standard deviation of the fitness of one run between seeds. Under the objective `merit` it is that of merit. The
 * composite moves with the judge as well, whose score is itself a function of the measured merit; so it is pooled over
 * the fitness of the reference runs, each judged on its own: sqrt(sum of squares within models / (runs - models)).
 * Where no reference model has two judged runs, two thirds of merit's: the measured part alone; with fewer than four degrees of freedom
 * at least that.
 */
export function fitnessNoise(
  runs: readonly ExperimentRecord[],
  { noise }: Reference,
  objective: 'composite' | 'merit',
): number {
  if (objective === 'merit') return noise.merit;
  const groups = new Map<string, number[]>();
  for (const { baseline, name, fitness } of runs) {
    if (fitness?.total == null) continue;
    const model = baseline ?? name;
    groups.set(model, [...(groups.get(model) ?? []), fitness.total]);
  }
  const { deviation, degreesOfFreedom } = pooledNoise([...groups.values()]);
  return degreesOfFreedom < leastForCorrelation ? Math.max(deviation, (2 / 3) * noise.merit) : deviation;
}
