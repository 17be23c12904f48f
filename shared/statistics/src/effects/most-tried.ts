import type { ComponentSums } from './component-sums.ts';

export type EstimableSums = Omit<ComponentSums, 'add' | 'copy'>;

/**
 * The sums of those components alone that most designs have, the older ones first among equals: at most so many. What the others did
 * is left to the noise.
 */
export function mostTried(sums: ComponentSums, most: number): EstimableSums {
  if (sums.labels.length <= most) return sums;
  const columns = sums.labels
    .map((_, index) => index + 1)
    .sort((a, b) => sums.count(b) - sums.count(a) || a - b)
    .slice(0, most)
    .sort((a, b) => a - b);
  const kept = [0, ...columns];
  const own = (column: number): number => kept[column] ?? 0;
  return {
    labels: columns.map((column) => sums.labels[column - 1] ?? ''),
    count: (column) => sums.count(own(column)),
    gram: (i, j) => sums.gram(own(i), own(j)),
    moment: (column) => sums.moment(own(column)),
    squares: sums.squares,
  };
}
