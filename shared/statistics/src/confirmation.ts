import { type Look, looksAt, type TestPlan } from './paired-test.ts';

/** Differences of merit, candidate minus the other, in the order of the seeds; as many as there are whole pairs. */
export type Comparison = { readonly other: string; readonly differences: readonly number[] };

export type ComparisonResult = {
  readonly other: string;
  readonly verdict: 'better' | 'worse' | 'undecided';
  /** The look that decided, or the newest one; null before the first. */
  readonly look: Look | null;
};

export type Conclusion =
  /** The first `pairs` seeds are needed of everything. */
  | { readonly status: 'under-way'; readonly pairs: number; readonly comparisons: readonly ComparisonResult[] }
  | {
      readonly status: 'confirmed' | 'refuted' | 'not-confirmed';
      readonly pairs: number;
      readonly comparisons: readonly ComparisonResult[];
      readonly why: string;
    };

/** Below this chance of a good end a test is given up. */
export const hopeless = 0.1;

/**
 * Whether a candidate is better than everything it is compared with, look by look; a pure function of the differences.
 * All comparisons must find it better, each at the whole level: that needs no correction for their number, because one
 * true null hypothesis among them is enough to make the claim false (intersection-union test: Berger, Technometrics 24,
 * 1982). It is refuted when one of them finds it worse, and given up when one of them is hopeless.
 */
export function concludeConfirmation(comparisons: readonly Comparison[], plan: TestPlan): Conclusion {
  const seen = comparisons.map(({ differences }) => looksAt(differences, plan));
  const resultsAt = (index: number): ComparisonResult[] =>
    comparisons.map(({ other }, which) => {
      const look = seen[which]?.[index] ?? null;
      return { other, verdict: verdictOf(look), look };
    });
  const last = plan.looks.length - 1;
  for (const [index, pairs] of plan.looks.entries()) {
    const results = resultsAt(index);
    if (results.some(({ look }) => look === null))
      return { status: 'under-way', pairs, comparisons: index === 0 ? results : resultsAt(index - 1) };
    const worse = results.filter(({ verdict }) => verdict === 'worse');
    if (worse.length > 0)
      return { status: 'refuted', pairs, comparisons: results, why: `worse than ${namesOf(worse)}` };
    const undecided = results.filter(({ verdict }) => verdict === 'undecided');
    if (undecided.length === 0)
      return { status: 'confirmed', pairs, comparisons: results, why: `better than ${namesOf(results)}` };
    const lost = undecided.filter(({ look }) => (look?.predictivePower ?? 1) < hopeless);
    if (index === last || lost.length > 0) {
      const why = `not shown to be better than ${namesOf(index === last ? undecided : lost)}`;
      const early =
        index === last ? '' : `; given up: less than ${100 * hopeless} % chance that more seeds would show it`;
      return { status: 'not-confirmed', pairs, comparisons: results, why: why + early };
    }
  }
  throw new RangeError('a test without looks');
}

function verdictOf(look: Look | null): ComparisonResult['verdict'] {
  // Looks that contradict each other (an empty intersection) decide nothing.
  if (!look || look.low > look.high) return 'undecided';
  return look.low > 0 ? 'better' : look.high < 0 ? 'worse' : 'undecided';
}

const namesOf = (results: readonly ComparisonResult[]): string => results.map(({ other }) => other).join(' and ');
