import {
  type Analysis,
  baselineComponents,
  type HistoryEntry,
  type Reference,
  studentQuantile95,
} from '@asi/contracts';

export type Comparison = Analysis['comparisons'][number];

/** How well a difference of merit can be known: deviation of one run, with the degrees of freedom of its estimate. */
export type MeritNoise = Pick<Reference['noise'], 'merit' | 'degreesOfFreedom'>;

/**
 * Half-width of the 95 % interval of the difference between one run and the mean of `runs` others, as on the
 * leaderboard: t * deviation * sqrt(1 + 1 / runs). Infinite where the noise is not known.
 */
export function differenceReach({ merit, degreesOfFreedom }: MeritNoise, runs = 1): number {
  const quantile = studentQuantile95(degreesOfFreedom);
  return Number.isFinite(quantile) ? quantile * merit * Math.sqrt(1 + 1 / runs) : quantile;
}

export type Subject = { readonly components: readonly string[]; readonly merit: number };
export type Relatives = {
  readonly parent: HistoryEntry;
  readonly grandparent: HistoryEntry | null;
  readonly siblings: readonly HistoryEntry[];
  readonly reference: Reference;
};

/** The measured merit against parent, grandparent, siblings and reference models, each difference weighed against the noise. */
export function comparisonsOf(subject: Subject, { parent, grandparent, siblings, reference }: Relatives): Comparison[] {
  const { noise } = reference;
  const against = (relation: Comparison['relation'], entry: HistoryEntry): Comparison[] => {
    if (entry.merit === null) return [];
    const meritDifference = subject.merit - entry.merit;
    return [
      {
        relation,
        experimentId: entry.experimentId,
        name: entry.name,
        meritDifference,
        beyondNoise: Math.abs(meritDifference) > differenceReach(noise),
        changedComponents: changedComponents(subject.components, entry.components),
      },
    ];
  };
  return [
    ...against('parent', parent),
    ...(grandparent ? against('grandparent', grandparent) : []),
    ...siblings.flatMap((one) => against('sibling', one)),
    ...reference.models.map(({ name, merit, seeds }): Comparison => {
      const meritDifference = subject.merit - merit;
      const beyondNoise = Math.abs(meritDifference) > differenceReach(noise, seeds);
      const changed = changedComponents(subject.components, baselineComponents[name] ?? []);
      return {
        relation: 'baseline',
        experimentId: name,
        name,
        meritDifference,
        beyondNoise,
        changedComponents: changed,
      };
    }),
  ];
}

/** What this design has and the other has not. Empty where the other's components are not known. */
export function changedComponents(own: readonly string[], others: readonly string[]): string[] {
  return others.length === 0 ? [] : own.filter((label) => !others.includes(label));
}
