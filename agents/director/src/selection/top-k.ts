import { type Policy, ranked, referencesFor } from './policy.ts';

/** Parent uniformly from the best k, references from the ranks below; refreshed on every result. */
export const topK: Policy = ({ pool, random, options }) => {
  const order = ranked(pool);
  const parent = random.pick(order.slice(0, options.topK));
  return {
    parent,
    references: referencesFor(parent, order.slice(options.topK, options.topK + 40), order, options.references, random),
  };
};
