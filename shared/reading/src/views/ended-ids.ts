import type { Material } from './material.ts';

/** Every experiment of the campaign that has ended, reused baselines and the runs of its confirmations included. */
export const endedIdsOf = ({ candidates, baselines, confirmationRuns }: Material): string[] =>
  [...candidates, ...baselines, ...confirmationRuns].map(({ _id }) => _id as string).sort();
