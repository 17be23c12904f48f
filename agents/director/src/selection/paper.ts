import { type Policy, ranked, referencesFor } from './policy.ts';

const parentRanks = 10;
const poolSize = 50;

/**
 * ASI-Arch (arXiv 2507.18074, sections 3.2 and 4.1): parent from ranks 1-10, references from ranks 11-50 of a pool that
 * is refreshed every 50 candidates after a cold start of 200. Until the first refresh every parent is a baseline.
 */
export const paper: Policy = ({ pool, random, options }) => {
  const baselines = pool.filter((one) => one.kind === 'baseline');
  const candidates = pool.filter((one) => one.kind === 'candidate').sort((a, b) => a.age - b.age);
  const visible = candidatesAtLastRefresh(candidates.length, options.coldStart, options.refreshEvery);
  const order = ranked([...baselines, ...candidates.slice(0, visible)]).slice(0, poolSize);
  if (visible === 0) {
    const parent = random.pick(baselines.length > 0 ? baselines : order);
    return { parent, references: referencesFor(parent, [], order, options.references, random) };
  }
  const parent = random.pick(order.slice(0, parentRanks));
  return { parent, references: referencesFor(parent, order.slice(parentRanks), order, options.references, random) };
};

/** How many candidates the pool had seen when it was last refreshed. */
export function candidatesAtLastRefresh(settled: number, coldStart: number, every: number): number {
  return settled < coldStart ? 0 : coldStart + Math.floor((settled - coldStart) / every) * every;
}
