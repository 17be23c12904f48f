import { type Measurement, type Reference, referenceOnlyBaselines } from '@asi/contracts';
import { quantileBelowBest } from './best-of-several.ts';

export type Weakness = {
  readonly task: string;
  readonly value: number;
  readonly best: { readonly name: string; readonly value: number };
  /** How much worse than the best baseline, in standard deviations of the task's noise; negative when better. */
  readonly deficit: number;
  /** Of how many baselines it is the best, by their measured means. */
  readonly compared: number;
  /** Whether one run lies further below the mean of the best baseline than chance explains, of which that it is the best is a part. */
  readonly beyondNoise: boolean;
};

const smallestNoise = 0.005;

/** How far a design lags behind the best linear baseline on each task that both have, weighed by the task's noise: the weakest task first. */
export function weakTasks({ tasks }: Pick<Measurement, 'tasks'>, { models, noise }: Reference): Weakness[] {
  const rivals = models.filter(({ name }) => !referenceOnlyBaselines.includes(name));
  const weaknesses = tasks.flatMap(({ task, metric, value }): Weakness[] => {
    // As a gain: more is better, whatever the metric.
    const sign = metric === 'loss' ? -1 : 1;
    const known = rivals.flatMap(({ name, seeds, tasks: values }) => {
      const one = values[task];
      return one === undefined || !Number.isFinite(one) ? [] : [{ name, seeds, value: one }];
    });
    const best = known.sort((a, b) => sign * (b.value - a.value))[0];
    if (!best) return [];
    const deficit = Number.isFinite(value)
      ? (sign * (best.value - value)) / Math.max(noise.tasks[task] ?? 0, smallestNoise)
      : Number.MAX_VALUE;
    const quantile = quantileBelowBest(known.length, noise.degreesOfFreedom);
    const beyondNoise = deficit > quantile * Math.sqrt(1 + 1 / best.seeds);
    const compared = known.length;
    return [{ task, value, best: { name: best.name, value: best.value }, deficit, compared, beyondNoise }];
  });
  return weaknesses.sort((a, b) => b.deficit - a.deficit);
}

/** The task on which the design lags most; null without a common task. */
export const weakestTask = (measurement: Pick<Measurement, 'tasks'>, reference: Reference): Weakness | null =>
  weakTasks(measurement, reference)[0] ?? null;

/** What the literature calls the symptom of doing badly at a task. */
const symptoms: Readonly<Record<string, string>> = {
  parity: 'parity state tracking fails, eigenvalues positive, reflection',
  'overwrite-recall': 'overwritten keys, stale values, interference, state not erased',
  'noisy-recall': 'noise tokens disturb recall, forgetting, gate, decay',
  'associative-recall': 'associative recall fails, many key value pairs, state capacity, collisions',
  'fuzzy-recall': 'fuzzy recall, keys of several tokens, local mixing, short convolution',
  needle: 'long distance recall, needle in filler, bindings forgotten, decay too strong',
  'language-model': 'language model loss high, local patterns, decay, gating, perplexity',
};

/** Words to search the literature with. */
export const symptomOf = (task: string): string => symptoms[task] ?? task.replaceAll('-', ' ');
