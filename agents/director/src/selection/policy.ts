import type { CampaignSettings, Random } from '@asi/contracts';

/** What a policy knows of a finished experiment. */
export type PoolEntry = {
  readonly experimentId: string;
  readonly name: string;
  readonly kind: 'baseline' | 'candidate';
  /** Order of sampling; baselines have 0, candidates of earlier campaigns are negative. */
  readonly age: number;
  readonly score: number;
  readonly components: readonly string[];
};

export type Selection = { readonly parent: PoolEntry; readonly references: readonly PoolEntry[] };

/** Chooses the parent and the references of the next design. Pure: the same pool and randomness give the same choice. */
export type Policy = (input: {
  /** Everything known, never empty: at least the baselines stand in it. */
  readonly pool: readonly PoolEntry[];
  readonly random: Random;
  readonly options: CampaignSettings['policyOptions'];
}) => Selection;

/** Best first; the older one first among equals, so that the order never depends on the order of arrival. */
export const ranked = (pool: readonly PoolEntry[]): PoolEntry[] =>
  [...pool].sort((a, b) => b.score - a.score || a.age - b.age || (a.experimentId < b.experimentId ? -1 : 1));

/** Up to `count` different entries, uniformly. */
export function drawSome(pool: readonly PoolEntry[], count: number, random: Random): PoolEntry[] {
  const rest = [...pool];
  const drawn: PoolEntry[] = [];
  while (drawn.length < count && rest.length > 0) {
    const [one] = rest.splice(random.below(rest.length), 1);
    if (one) drawn.push(one);
  }
  return drawn;
}

/** References: drawn from what ranks below the parents, or from whatever else there is when that is too little. */
export function referencesFor(
  parent: PoolEntry,
  preferred: readonly PoolEntry[],
  all: readonly PoolEntry[],
  count: number,
  random: Random,
): PoolEntry[] {
  const first = drawSome(
    preferred.filter((one) => one !== parent),
    count,
    random,
  );
  const others = all.filter((one) => one !== parent && !first.includes(one));
  return [...first, ...drawSome(others, count - first.length, random)];
}
