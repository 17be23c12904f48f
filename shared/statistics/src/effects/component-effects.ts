import { type ComponentEffect, type MeritScale, studentQuantile95 } from '@asi/contracts';
import type { ComponentSums } from './component-sums.ts';
import { mostTried } from './most-tried.ts';
import { posteriorOf } from './posterior.ts';

const slotOf = (label: string): string => label.slice(0, label.indexOf('='));
const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;

/** The work grows with the cube of their number, and a language model has words of its own for each design. */
const mostComponents = 200;

/**
 * What each component does to merit, other things equal, compared with the average of the options of its slot as they
 * were tried. Without a comparison in its slot (only one option was ever tried) a component has no effect and is left out:
 * it could not be told from the mean of everything. So are, where there are very many, those that were tried least. Differences
 * between two effects of a slot are the expected differences of two designs. The 95 % intervals are Student's, for the noise between
 * seeds was itself estimated. Sorted by label.
 */
export function componentEffects(
  all: ComponentSums,
  { noise, degreesOfFreedom }: Pick<MeritScale, 'noise' | 'degreesOfFreedom'>,
): ComponentEffect[] {
  const sums = mostTried(all, mostComponents);
  if (sums.labels.length === 0) return [];
  const { mean, covariance } = posteriorOf(sums, noise);
  const quantile = studentQuantile95(degreesOfFreedom);
  const slots = new Map<string, number[]>();
  for (const [index, label] of sums.labels.entries()) {
    const columns = slots.get(slotOf(label));
    if (columns) columns.push(index + 1);
    else slots.set(slotOf(label), [index + 1]);
  }
  const entry = (i: number, j: number): number => covariance.entries[i * covariance.size + j] ?? 0;
  const effects: ComponentEffect[] = [];
  for (const columns of slots.values()) {
    if (columns.length < 2) continue;
    const total = columns.reduce((sum, column) => sum + sums.count(column), 0);
    // effect = the option's own coefficient, less the mean of its slot: of that one and of the option's covariance with it.
    const share = (column: number): number => sums.count(column) / total;
    const average = columns.reduce((sum, column) => sum + share(column) * (mean[column] ?? 0), 0);
    const withAverage = columns.map((i) => columns.reduce((sum, j) => sum + share(j) * entry(i, j), 0));
    const ofAverage = columns.reduce((sum, column, a) => sum + share(column) * (withAverage[a] ?? 0), 0);
    for (const [a, column] of columns.entries()) {
      const effect = (mean[column] ?? 0) - average;
      const variance = entry(column, column) - 2 * (withAverage[a] ?? 0) + ofAverage;
      const half = quantile * Math.sqrt(Math.max(0, variance));
      effects.push({
        component: sums.labels[column - 1] ?? '',
        effect: rounded(effect),
        low: rounded(effect - half),
        high: rounded(effect + half),
        experiments: sums.count(column),
      });
    }
  }
  return effects.sort((a, b) => (a.component < b.component ? -1 : 1));
}
