import { type ComponentEffect, type Measurement, studentQuantile95 } from '@asi/contracts';
import { weakTasks } from '@asi/statistics';
import type { AnalyseData } from '../mind.ts';
import { type Comparison, differenceReach } from '../offline/comparisons.ts';

/** Something measured that a claim can rest on, as a gain: more is better, also of a loss. */
export type MeasuredEffect = {
  readonly id: string;
  readonly about: string;
  readonly difference: number;
  /** Ends of the 95 % interval. */
  readonly low: number;
  readonly high: number;
  /** What it may be put down to; null where that is not known, so that anything the design has may be. */
  readonly subjects: readonly string[] | null;
};

/** The design as a whole, as the subject of a claim. */
export const wholeDesign = 'design';

/** The noise of a task is not taken for less, as where weak tasks are found. */
const smallestTaskNoise = 0.005;

/** All that a claim about this result can rest on, by the statistics of the offline mind. */
export function measuredEffects(
  data: AnalyseData,
  comparisons: readonly Comparison[],
  effects: readonly ComponentEffect[],
  parentRun: Measurement | null,
): MeasuredEffect[] {
  return [
    ...comparisons.map((one) => ofComparison(one, data)),
    ...ofTasks(data),
    ...ofTasksAgainstParent(data, parentRun, subjectsOf(comparisons.find(({ relation }) => relation === 'parent'))),
    ...effects.map(({ component, effect, low, high, experiments }) => ({
      id: `effect-of-${component}`,
      about: `effect of ${component} on merit against the average of its slot, over ${experiments} ${experiments === 1 ? 'design' : 'designs'} that have it`,
      difference: effect,
      low,
      high,
      subjects: [component],
    })),
  ];
}

/** Whether chance explains it. */
export const isInsideNoise = ({ low, high }: Pick<MeasuredEffect, 'low' | 'high'>): boolean => low <= 0 && high >= 0;

function ofComparison(comparison: Comparison, { reference }: AnalyseData): MeasuredEffect {
  const { relation, experimentId, meritDifference } = comparison;
  const runs = relation === 'baseline' ? (reference.models.find(({ name }) => name === experimentId)?.seeds ?? 1) : 1;
  return {
    id: `merit-vs-${experimentId}`,
    about: `merit of the design less that of ${relation === 'baseline' ? 'the baseline' : `its ${relation}`} ${experimentId}`,
    ...around(meritDifference, differenceReach(reference.noise, runs)),
    subjects: subjectsOf(comparison),
  };
}

function ofTasks({ measurement, reference }: AnalyseData): MeasuredEffect[] {
  return weakTasks(measurement, reference).flatMap(({ task, value, best }) => {
    const runs = reference.models.find(({ name }) => name === best.name)?.seeds ?? 1;
    return Number.isFinite(value)
      ? [
          {
            id: `${task}-vs-${best.name}`,
            about: `gain in ${task} over ${best.name}, the best linear baseline of the task`,
            ...around(gain(measurement, task, best.value), taskReach(reference.noise, task, runs)),
            subjects: null,
          },
        ]
      : [];
  });
}

function ofTasksAgainstParent(
  { measurement, reference, parent }: AnalyseData,
  parentRun: Measurement | null,
  subjects: MeasuredEffect['subjects'],
): MeasuredEffect[] {
  return (parentRun?.tasks ?? []).flatMap(({ task, value }) => {
    const difference = gain(measurement, task, value);
    return Number.isFinite(difference)
      ? [
          {
            id: `${task}-vs-${parent.experimentId}`,
            about: `gain in ${task} over its parent`,
            ...around(difference, taskReach(reference.noise, task, 1)),
            subjects,
          },
        ]
      : [];
  });
}

const subjectsOf = (comparison: Comparison | undefined): MeasuredEffect['subjects'] =>
  comparison && comparison.changedComponents.length > 0 ? [wholeDesign, ...comparison.changedComponents] : null;

function gain({ tasks }: Measurement, task: string, other: number): number {
  const own = tasks.find((one) => one.task === task);
  if (!own) return Number.NaN;
  return own.metric === 'loss' ? other - own.value : own.value - other;
}

const taskReach = ({ tasks, degreesOfFreedom }: AnalyseData['reference']['noise'], task: string, runs: number) =>
  studentQuantile95(degreesOfFreedom) * Math.max(tasks[task] ?? 0, smallestTaskNoise) * Math.sqrt(1 + 1 / runs);

const around = (difference: number, reach: number) => ({
  difference,
  low: difference - reach,
  high: difference + reach,
});
