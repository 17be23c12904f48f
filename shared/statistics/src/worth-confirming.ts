import { normalCdf } from './normal.ts';
import type { TestPlan } from './paired-test.ts';
import { differenceBetween, type Estimate } from './shrinkage.ts';
import { lookLevels } from './spending.ts';
import { studentUpperQuantile } from './student.ts';

/** Below this chance of ending as confirmed, the director spends no fresh seeds on a candidate. */
export const worthwhileChance = 0.3;

/**
 * Smallest chance, over the others, that the last look of a test would find the candidate better, as things stand before
 * the first pair: with N pairs of standard error e, needed quantile z, and difference m with variance v known so far, it
 * is Phi((m - z e) / sqrt(v + e^2)). ("Assurance": O'Hagan, Stevens and Campbell, Pharmaceutical Statistics 4, 2005, eq. 3.)
 * A test that starts with little chance would spend as many trainings as one that could tell.
 */
export function chanceOfConfirming(candidate: Estimate, others: readonly Estimate[], plan: TestPlan): number {
  const { looks, level, noise } = plan;
  const pairs = looks.at(-1) ?? 1;
  const needed = studentUpperQuantile(
    lookLevels(level, looks).at(-1) ?? level,
    Math.max(1, noise.degreesOfFreedom + pairs - 1),
  );
  const standardError = noise.deviation * Math.sqrt(2 / pairs);
  return Math.min(
    ...others.map((other) => {
      const { mean, variance } = differenceBetween(candidate, other);
      const spread = Math.sqrt(variance + standardError ** 2);
      return spread > 0 ? normalCdf((mean - needed * standardError) / spread) : mean > 0 ? 1 : 0;
    }),
  );
}
