import { drawSome, type Policy } from './policy.ts';

/** Uniform over everything: the control that any cleverer policy has to beat. */
export const random: Policy = ({ pool, random: source, options }) => {
  const parent = source.pick(pool);
  return {
    parent,
    references: drawSome(
      pool.filter((one) => one !== parent),
      options.references,
      source,
    ),
  };
};
