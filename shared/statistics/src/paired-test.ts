import type { ConfirmationRule } from '@asi/contracts';
import { meanOf, type Noise } from './noise.ts';
import { normalCdf } from './normal.ts';
import { lookLevels } from './spending.ts';
import { spreadOfPairs } from './spread-of-pairs.ts';
import { studentUpperQuantile } from './student.ts';

export type TestPlan = {
  /** Numbers of pairs at which it looks, ascending. */
  readonly looks: readonly number[];
  /** Chance that the lower end of any look's interval lies above a true difference; the same for the upper ends. */
  readonly level: number;
  /** Of one run of a reference model, between seeds. */
  readonly noise: Noise;
  readonly rule: ConfirmationRule;
};

/** What one look sees. */
export type Look = {
  readonly pairs: number;
  /** Mean of the differences. */
  readonly effect: number;
  readonly standardError: number;
  readonly degreesOfFreedom: number;
  /** Whether the spread of these pairs alone was used, because it is larger than that of the reference models. */
  readonly ownSpread: boolean;
  /** Ends of the interval that holds at all looks at once: the intersection with those of the earlier looks. */
  readonly low: number;
  readonly high: number;
  /** Chance that the last look would find the difference above 0, as things stand. */
  readonly predictivePower: number;
};

/**
 * Looks at paired differences (new minus other, same seed and data order), one row for each look that has its pairs.
 *
 * - Deviation of a difference: `spreadOfPairs`.
 * - Intervals: repeated confidence intervals (Jennison and Turnbull, JRSS B 51, 1989): look k's at its own share of the
 *   level, so that all of them hold at once with 1 - level at each end, under any rule of stopping.
 * - Predictive power: flat prior, known variance (Spiegelhalter, Freedman and Blackburn, Controlled Clinical Trials 7,
 *   1986): Phi( (Z_n sqrt(N) - z sqrt(n)) / sqrt(N - n) ). It only ever stops, so the level does not rest on it.
 */
export function looksAt(differences: readonly number[], { looks, level, noise, rule }: TestPlan): Look[] {
  const levels = lookLevels(level, looks, rule);
  const last = looks.at(-1) ?? 0;
  const seen: Look[] = [];
  for (const [index, pairs] of looks.entries()) {
    if (differences.length < pairs) break;
    const values = differences.slice(0, pairs);
    const effect = meanOf(values);
    const spread = spreadOfPairs(values, noise, rule);
    const standardError = spread.deviation / Math.sqrt(pairs);
    const reach = quantile(levels[index] ?? level, spread.degreesOfFreedom) * standardError;
    const before = seen.at(-1);
    const finalQuantile = quantile(levels.at(-1) ?? level, spread.degreesOfFreedom + last - pairs);
    seen.push({
      pairs,
      effect,
      standardError,
      degreesOfFreedom: spread.degreesOfFreedom,
      ownSpread: spread.own,
      low: Math.max(before?.low ?? Number.NEGATIVE_INFINITY, effect - reach),
      high: Math.min(before?.high ?? Number.POSITIVE_INFINITY, effect + reach),
      predictivePower: predictivePower(effect / standardError, finalQuantile, pairs, last),
    });
  }
  return seen;
}

function predictivePower(z: number, needed: number, pairs: number, all: number): number {
  if (pairs >= all) return z > needed ? 1 : 0;
  return normalCdf((z * Math.sqrt(all) - needed * Math.sqrt(pairs)) / Math.sqrt(all - pairs));
}

const known = new Map<string, number>();

/** Remembered, because every test of a campaign asks for the same few. */
function quantile(tail: number, degreesOfFreedom: number): number {
  const key = `${tail}/${degreesOfFreedom}`;
  const found = known.get(key) ?? studentUpperQuantile(tail, degreesOfFreedom);
  if (known.size > 10_000) known.clear();
  known.set(key, found);
  return found;
}
