import { powerOf } from './detectable-effect.ts';
import { largerSpread } from './larger-spread.ts';
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
 *
 * `larger-spread` judges by a deviation that is not known before: the same is taken over what N - 1 degrees of freedom of
 * pairs as steady as the reference models may come to, by the rule itself. The reference models' deviation is taken as
 * known, and what giving up early loses is not counted: so the truth is lower, by some 15 of 100 in the middle of the range
 * (test/bench/confirmation.ts prints both).
 */
export function chanceOfConfirming(candidate: Estimate, others: readonly Estimate[], plan: TestPlan): number {
  const { looks, level, noise, rule } = plan;
  const pairs = looks.at(-1) ?? 1;
  const lastLevel = lookLevels(level, looks, rule).at(-1) ?? level;
  const standardError = noise.deviation * Math.sqrt(2 / pairs);
  const own = Math.max(1, pairs - 1);
  const pooledQuantile = () => studentUpperQuantile(lastLevel, Math.max(1, noise.degreesOfFreedom + pairs - 1));
  const chanceOf = (mean: number, spread: number): number => {
    if (rule === 'pooled-spread') return normalCdf((mean - pooledQuantile() * standardError) / spread);
    const needed = studentUpperQuantile(lastLevel, own) * standardError;
    return powerOf(mean / spread, needed / spread, own, (s) => largerSpread(s, 1, own, noise.degreesOfFreedom));
  };
  return Math.min(
    ...others.map((other) => {
      const { mean, variance } = differenceBetween(candidate, other);
      const spread = Math.sqrt(variance + standardError ** 2);
      return spread > 0 ? chanceOf(mean, spread) : mean > 0 ? 1 : 0;
    }),
  );
}
