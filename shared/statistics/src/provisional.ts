import type { Reference } from '@asi/contracts';
import { type Estimate, populationOf, shrunkMerit } from './shrinkage.ts';

/** What is known of the candidates before any fresh seed. */
export type Provisional = {
  /** Of all completed candidates of the campaign. */
  readonly merits: readonly number[];
  /** Of one candidate, of this campaign or an earlier one with the same yardstick; null when there is none. */
  readonly meritOf: (id: string) => number | null;
};

/**
 * True merits as the provisional runs tell them: candidates shrunk towards the campaign's mean, built-ins the mean over
 * their reference runs. Null where nothing was measured.
 */
export function estimatorOf(reference: Reference, { merits, meritOf }: Provisional): (id: string) => Estimate | null {
  const runDeviation = reference.noise.merit;
  const population = populationOf(merits, runDeviation);
  return (id) => {
    const model = reference.models.find(({ name }) => name === id);
    if (model) return { mean: model.merit, variance: runDeviation ** 2 / model.seeds };
    const merit = meritOf(id);
    return merit === null ? null : shrunkMerit(merit, population);
  };
}
