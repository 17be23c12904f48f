import { meanOf, type Noise } from './noise.ts';

/** A run of a model with a seed. */
export type SeededValue = { readonly model: string; readonly seed: number; readonly value: number };

/**
 * Deviation of one run that is left in a paired difference when runs with the same seed have something in common: the
 * residual of a two-way layout without interaction (model x seed), sqrt( sum of (y_ms - y_m. - y_.s + y..)^2 / ((M-1)(S-1)) )
 * (Box, Hunter and Hunter, "Statistics for Experimenters", chapter 4). A difference of two runs of one seed has sqrt(2)
 * times this. From the largest complete block of models and seeds; null where there is none with two of each.
 */
export function pairedNoise(runs: readonly SeededValue[]): Noise | null {
  const models = [...new Set(runs.map(({ model }) => model))];
  const seedsOf = (model: string) => new Set(runs.filter((one) => one.model === model).map(({ seed }) => seed));
  const blocks = models.map((first) => {
    const seeds = [...seedsOf(first)];
    const members = models.filter((model) => seeds.every((seed) => seedsOf(model).has(seed)));
    return { seeds, members, freedom: (members.length - 1) * (seeds.length - 1) };
  });
  const block = blocks.sort((a, b) => b.freedom - a.freedom)[0];
  if (!block || block.freedom < 1) return null;
  const at = (model: string, seed: number) =>
    runs.find((one) => one.model === model && one.seed === seed)?.value ?? Number.NaN;
  const { members, seeds, freedom } = block;
  const byModel = new Map(members.map((model) => [model, meanOf(seeds.map((seed) => at(model, seed)))]));
  const bySeed = new Map(seeds.map((seed) => [seed, meanOf(members.map((model) => at(model, seed)))]));
  const overall = meanOf([...byModel.values()]);
  const squares = members
    .flatMap((model) =>
      seeds.map((seed) => at(model, seed) - (byModel.get(model) ?? 0) - (bySeed.get(seed) ?? 0) + overall),
    )
    .reduce((sum, residual) => sum + residual ** 2, 0);
  return { deviation: Math.sqrt(squares / freedom), degreesOfFreedom: freedom };
}
