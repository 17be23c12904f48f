import { normalCdf } from './normal.ts';
import { differenceBetween, type Estimate } from './shrinkage.ts';

/** Below this chance of being better than everything it is compared with, fresh seeds are not spent on a candidate. */
export const worthwhileChance = 0.2;

/** Smallest chance, over the others, that the candidate is truly better than the other: normal approximation. */
export function chanceOfBeingBetter(candidate: Estimate, others: readonly Estimate[]): number {
  return Math.min(
    ...others.map((other) => {
      const { mean, variance } = differenceBetween(candidate, other);
      return variance > 0 ? normalCdf(mean / Math.sqrt(variance)) : mean > 0 ? 1 : 0;
    }),
  );
}
