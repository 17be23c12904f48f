import { type Policy, ranked, referencesFor } from './policy.ts';

/** Always the best so far. */
export const greedy: Policy = ({ pool, random, options }) => {
  const order = ranked(pool);
  const parent = order[0] ?? random.pick(pool);
  return { parent, references: referencesFor(parent, order.slice(1), order, options.references, random) };
};
