import type { ExperimentRecord, Reference } from '@asi/contracts';
import { fitnessOf, leastForCorrelation, type Noise, pooledNoise } from '@asi/statistics';

/**
 * Standard deviation of the fitness of one run between seeds. Under the objective `merit` it is that of merit. The
 * composite moves with the judge as well, whose score is itself a function of the measured merit; so it is pooled over
 * the fitness of the reference runs, each judged on its own: sqrt(sum of squares within models / (runs - models)). A run
 * that an earlier campaign trained is on the scale of this one, not on that which it was recorded with.
 * Where no reference model has two judged runs, two thirds of merit's: the measured part alone; with fewer than four degrees of freedom
 * at least that.
 */
export function fitnessNoise(
  runs: readonly ExperimentRecord[],
  reference: Reference,
  objective: 'composite' | 'merit',
): Noise {
  const { merit, degreesOfFreedom } = reference.noise;
  if (objective === 'merit') return { deviation: merit, degreesOfFreedom };
  const groups = new Map<string, number[]>();
  for (const { baseline, name, measurement, judgement } of runs) {
    const total = measurement && fitnessOf(measurement, reference, judgement).total;
    if (total === null) continue;
    const model = baseline ?? name;
    groups.set(model, [...(groups.get(model) ?? []), total]);
  }
  const pooled = pooledNoise([...groups.values()]);
  const least = (2 / 3) * merit;
  const isEnough = pooled.degreesOfFreedom >= leastForCorrelation || pooled.deviation >= least;
  return isEnough ? pooled : { deviation: least, degreesOfFreedom };
}
