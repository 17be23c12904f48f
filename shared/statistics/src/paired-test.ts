import { meanOf, type Noise, sumOfSquares } from './noise.ts';
import { normalCdf } from './normal.ts';
import { lookLevels } from './spending.ts';
import { studentUpperQuantile, varianceRatioTail } from './student.ts';

export type TestPlan = {
  /** Numbers of pairs at which it looks, ascending. */
  readonly looks: readonly number[];
  /** Chance that the lower end of any look's interval lies above a true difference; the same for the upper ends. */
  readonly level: number;
  /** Of one run of a reference model, between seeds. */
  readonly noise: Noise;
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

/** Chance with which pairs that spread as the reference models do are taken for more spread out. */
const suspicion = 0.5;

/**
 * Looks at paired differences (new minus other, same seed and data order), one row for each look that has its pairs.
 *
 * - Variance of a difference: 2 s^2 of the reference models with v degrees of freedom, pooled with the n - 1 of the pairs.
 *   That is right while the differences spread no more than the reference models' runs do: exactly Student's t when a
 *   pair shares nothing but its seed, too wide when the common seed makes the pair alike. Where the pairs spread more than
 *   that (variance ratio above its median), their own deviation and n - 1 degrees of freedom are used: the ordinary
 *   paired t. With the usual 5 or 10 % instead of the median, three unsteady programs of one campaign (four times the
 *   deviation) would be confirmed too often: 10 % instead of 5 (test/bench/confirmation.ts).
 * - Intervals: repeated confidence intervals (Jennison and Turnbull, JRSS B 51, 1989): look k's at its own share of the
 *   level, so that all of them hold at once with 1 - level at each end, under any rule of stopping.
 * - Predictive power: flat prior, known variance (Spiegelhalter, Freedman and Blackburn, Controlled Clinical Trials 7,
 *   1986): Phi( (Z_n sqrt(N) - z sqrt(n)) / sqrt(N - n) ). It only ever stops, so the level does not rest on it.
 */
export function looksAt(differences: readonly number[], { looks, level, noise }: TestPlan): Look[] {
  const levels = lookLevels(level, looks);
  const last = looks.at(-1) ?? 0;
  const seen: Look[] = [];
  for (const [index, pairs] of looks.entries()) {
    if (differences.length < pairs) break;
    const values = differences.slice(0, pairs);
    const effect = meanOf(values);
    const spread = spreadOf(values, noise);
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

function spreadOf(values: readonly number[], noise: Noise): Noise & { readonly own: boolean } {
  const free = values.length - 1;
  const squares = sumOfSquares(values);
  const known = 2 * noise.deviation ** 2;
  const isWider =
    noise.degreesOfFreedom < 1 ||
    (free > 0 && varianceRatioTail(squares / free / known, free, noise.degreesOfFreedom) < suspicion);
  if (isWider) return { deviation: free > 0 ? Math.sqrt(squares / free) : 0, degreesOfFreedom: free, own: true };
  const degreesOfFreedom = noise.degreesOfFreedom + free;
  return {
    deviation: Math.sqrt((noise.degreesOfFreedom * known + squares) / degreesOfFreedom),
    degreesOfFreedom,
    own: false,
  };
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
