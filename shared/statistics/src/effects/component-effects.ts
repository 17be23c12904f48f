import type { ComponentEffect } from '@asi/contracts';
import { normalQuantile95 } from '../normal-quantile.ts';
import type { ComponentSums } from './component-sums.ts';
import { posteriorOf } from './posterior.ts';

const slotOf = (label: string): string => label.slice(0, label.indexOf('='));
const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;

/**
 * What each component does to merit, other things equal, compared with the average of the options of its slot as they
 * were tried. Without a comparison in its slot (only one option was ever tried) a component has no effect and is left out:
 * it could not be told from the mean of everything. Differences between two effects of a slot are the expected
 * differences of two designs. Sorted by label.
 */
export function componentEffects(statistics: ComponentSums, seedNoise: number): ComponentEffect[] {
  if (statistics.labels.length === 0) return [];
  const { mean, covariance } = posteriorOf(statistics, seedNoise);
  const slots = new Map<string, number[]>();
  for (const [index, label] of statistics.labels.entries()) {
    slots.set(slotOf(label), [...(slots.get(slotOf(label)) ?? []), index + 1]);
  }
  const effects: ComponentEffect[] = [];
  for (const columns of slots.values()) {
    if (columns.length < 2) continue;
    const total = columns.reduce((sum, column) => sum + statistics.count(column), 0);
    for (const column of columns) {
      // effect = sum of weight * coefficient: the option's own, less the mean of its slot.
      const weights = columns.map((one) => (one === column ? 1 : 0) - statistics.count(one) / total);
      let effect = 0;
      let variance = 0;
      for (const [a, i] of columns.entries()) {
        effect += (weights[a] ?? 0) * (mean[i] ?? 0);
        for (const [b, j] of columns.entries())
          variance += (weights[a] ?? 0) * (weights[b] ?? 0) * (covariance.entries[i * covariance.size + j] ?? 0);
      }
      const half = normalQuantile95 * Math.sqrt(Math.max(0, variance));
      effects.push({
        component: statistics.labels[column - 1] ?? '',
        effect: rounded(effect),
        low: rounded(effect - half),
        high: rounded(effect + half),
        experiments: statistics.count(column),
      });
    }
  }
  return effects.sort((a, b) => (a.component < b.component ? -1 : 1));
}
