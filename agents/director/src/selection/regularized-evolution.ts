import { drawSome, type Policy, ranked, referencesFor } from './policy.ts';

/** Aging evolution (Real et al., arXiv 1802.01548): only the youngest `population` live; the best of a random tournament is the parent. */
export const regularizedEvolution: Policy = ({ pool, random, options }) => {
  const alive = [...pool].sort((a, b) => b.age - a.age).slice(0, options.population);
  const parent = ranked(drawSome(alive, options.tournament, random))[0] ?? random.pick(pool);
  return { parent, references: referencesFor(parent, ranked(alive), pool, options.references, random) };
};
