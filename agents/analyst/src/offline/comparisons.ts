import type { Analysis, HistoryEntry, Reference } from '@asi/contracts';

export type Comparison = Analysis['comparisons'][number];

/** Differences larger than this many standard deviations happen by chance once in twenty times. */
const beyond = 1.96;

/** Standard deviation of the difference between one run and the mean of `runs` others: noise * sqrt(1 + 1 / runs). */
export const differenceDeviation = (noise: number, runs = 1): number => noise * Math.sqrt(1 + 1 / runs);

export type Subject = { readonly components: readonly string[]; readonly merit: number };
export type Relatives = {
  readonly parent: HistoryEntry;
  readonly grandparent: HistoryEntry | null;
  readonly siblings: readonly HistoryEntry[];
  readonly reference: Reference;
};

/** The measured merit against parent, grandparent, siblings and reference models, each difference weighed against the noise. */
export function comparisonsOf(subject: Subject, { parent, grandparent, siblings, reference }: Relatives): Comparison[] {
  const noise = reference.noise.merit;
  const against = (relation: Comparison['relation'], entry: HistoryEntry): Comparison[] => {
    if (entry.merit === null) return [];
    const meritDifference = subject.merit - entry.merit;
    return [
      {
        relation,
        experimentId: entry.experimentId,
        name: entry.name,
        meritDifference,
        beyondNoise: Math.abs(meritDifference) > beyond * differenceDeviation(noise),
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
      const beyondNoise = Math.abs(meritDifference) > beyond * differenceDeviation(noise, seeds);
      return { relation: 'baseline', experimentId: name, name, meritDifference, beyondNoise, changedComponents: [] };
    }),
  ];
}

/** What this design has and the other has not. Empty where the other's components are not known. */
function changedComponents(own: readonly string[], others: readonly string[]): string[] {
  return others.length === 0 ? [] : own.filter((label) => !others.includes(label));
}
