import type { Random } from '@asi/contracts';
import {
  type Conclusion,
  chanceOfConfirming,
  combined,
  concludeConfirmation,
  differenceBetween,
  type Estimate,
  levelOf,
  looksFor,
  meanOf,
  type Noise,
  pooledNoise,
  populationOf,
  shrunkMerit,
  worthwhileChance,
} from '@asi/statistics';

export type World = {
  /** Standard deviation of one run of a reference model between seeds, each with held-out items of its own. */
  readonly deviation: number;
  /** The candidates' deviation divided by the reference models'. */
  readonly unsteadiness: number;
  /** Whose runs do not deviate normally: one in five falls far behind because it did not learn a task at all. */
  readonly oneInFiveFails?: 'candidates' | 'every program';
  /** Correlation of two programs' runs with the same seed, and so the same held-out items. */
  readonly pairing: number;
  /** True merit minus DeltaNet's, of each candidate. */
  readonly truths: readonly number[];
  /** Index of each candidate's parent; null: DeltaNet. */
  readonly parents: ReadonlyArray<number | null>;
  readonly best: number;
  readonly pairs: number;
  /** Sends the best whatever their chance, as a person may. */
  readonly ungated: boolean;
};

export type Tested = {
  readonly truth: number;
  readonly provisional: number;
  readonly conclusion: Conclusion;
  readonly shrunk: Estimate;
  /** Chance to end as confirmed that the director would foresee if it knew the truth before the first pair. */
  readonly foreseen: () => number;
  /** Training runs that it cost, DeltaNet's and the parent's included. */
  readonly runs: number;
};

/** Seeds of the reference models of a default campaign. */
const referenceSeeds = [3, 3, 3, 2, 2];

/** Normal variates in pairs (Box and Muller). */
export function normals(random: Random): () => number {
  let spare: number | null = null;
  return () => {
    if (spare !== null) {
      const one = spare;
      spare = null;
      return one;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
    const angle = 2 * Math.PI * random.next();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

/** Deviation 1 and mean 0 like the normal variate it is made from: half above in four of five cases, two below in the fifth. */
const failing = (variate: number): number => (variate < -0.8416 ? -2 : 0.5);

/**
 * One campaign in which only training is made up: noise from the reference runs, provisional merits, choice of whom to
 * confirm, levels, looks and conclusions are those of the house. `order` counts the confirmations of the laboratory.
 */
export function confirmationsOf(world: World, order: number, normal: () => number): Tested[] {
  const { deviation, unsteadiness, oneInFiveFails = null, pairing, truths, parents, best, pairs, ungated } = world;
  const candidateNoise = oneInFiveFails === null ? normal : () => failing(normal());
  const referenceNoise = oneInFiveFails === 'every program' ? candidateNoise : normal;
  const references = referenceSeeds.map((seeds) => Array.from({ length: seeds }, () => deviation * referenceNoise()));
  const noise = pooledNoise(references);
  const anchors = references[0] ?? [];
  const anchor: Estimate = { mean: meanOf(anchors), variance: noise.deviation ** 2 / anchors.length };
  const spread = deviation * unsteadiness;
  const provisional = truths.map((truth) => truth + spread * candidateNoise());
  const population = populationOf(provisional, noise.deviation);
  const shrunk = provisional.map((merit) => shrunkMerit(merit, population));
  const othersOf = (index: number): Estimate[] => {
    const parent = parents[index] ?? null;
    return parent === null ? [anchor] : [anchor, shrunk[parent] ?? anchor];
  };
  const plan = { looks: looksFor(pairs), level: levelOf(order), noise, rule: 'larger-spread' } as const;
  return provisional
    .map((merit, index) => ({ merit, index }))
    .filter(
      ({ index }) => ungated || chanceOfConfirming(shrunk[index] ?? anchor, othersOf(index), plan) >= worthwhileChance,
    )
    .sort((a, b) => b.merit - a.merit)
    .slice(0, best)
    .map(({ merit, index }, place) => {
      const draws = Array.from({ length: pairs }, () => normal());
      const alike = Math.sqrt(pairing);
      const apart = Math.sqrt(1 - pairing);
      const runsOf = (truth: number, scale: number, own: () => number) =>
        draws.map((common) => truth + scale * (alike * common + apart * own()));
      const own = runsOf(truths[index] ?? 0, spread, candidateNoise);
      const parent = parents[index] ?? null;
      const others = [
        runsOf(0, deviation, referenceNoise),
        ...(parent === null ? [] : [runsOf(truths[parent] ?? 0, spread, candidateNoise)]),
      ];
      const differences = others.map((runs) => own.map((value, seed) => value - (runs[seed] ?? 0)));
      return testedOf({
        differences,
        noise,
        level: levelOf(order + place),
        pairs,
        truth: truths[index] ?? 0,
        merit,
        prior: shrunk[index] ?? anchor,
        anchor,
      });
    });
}

type TestInput = {
  readonly differences: ReadonlyArray<readonly number[]>;
  readonly noise: Noise;
  readonly level: number;
  readonly pairs: number;
  readonly truth: number;
  readonly merit: number;
  readonly prior: Estimate;
  readonly anchor: Estimate;
};

function testedOf({ differences, noise, level, pairs, truth, merit, prior, anchor }: TestInput): Tested {
  const comparisons = differences.map((values, index) => ({
    other: index === 0 ? 'delta-net' : 'its parent',
    differences: values,
  }));
  const plan = { looks: looksFor(pairs), level, noise, rule: 'larger-spread' } as const;
  const conclusion = concludeConfirmation(comparisons, plan);
  const look = conclusion.comparisons[0]?.look;
  const exactly = (mean: number): Estimate => ({ mean, variance: 0 });
  const fresh: Estimate = look ? { mean: look.effect, variance: look.standardError ** 2 } : prior;
  return {
    truth,
    provisional: merit - anchor.mean,
    conclusion,
    shrunk: combined(differenceBetween(prior, anchor), fresh),
    foreseen: () => chanceOfConfirming(exactly(truth), [exactly(0)], plan),
    runs: conclusion.pairs * (1 + differences.length),
  };
}
