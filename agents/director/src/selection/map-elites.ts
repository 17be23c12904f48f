import { type Policy, type PoolEntry, ranked, referencesFor } from './policy.ts';

const descriptors = ['write', 'decay', 'router'];

/**
 * MAP-Elites (Mouret and Clune, arXiv 1504.04909): the best of every cell survives, a cell is drawn uniformly. A cell is
 * a combination of write rule, decay and router; programs without such labels (baselines) have a cell of their own.
 */
export const mapElites: Policy = ({ pool, random, options }) => {
  const elites = new Map<string, PoolEntry>();
  for (const entry of ranked(pool)) {
    const cell = cellOf(entry);
    if (!elites.has(cell)) elites.set(cell, entry);
  }
  const survivors = [...elites.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
  const parent = random.pick(survivors);
  return { parent, references: referencesFor(parent, survivors, pool, options.references, random) };
};

function cellOf(entry: PoolEntry): string {
  const labels = entry.components.filter((label) => descriptors.some((one) => label.startsWith(`${one}=`))).sort();
  return labels.length > 0 ? labels.join(' ') : entry.name;
}
