import { baselineComponents, type ComponentEffect, type Measurement } from '@asi/contracts';
import { quantileBelowBest, weakTasks } from '@asi/statistics';
import type { AnalyseData } from '../mind.ts';
import { type Comparison, changedComponents, differenceReach } from '../offline/comparisons.ts';

/** Something measured that a claim can rest on, as a gain: more is better, also of a loss. */
export type MeasuredEffect = {
  readonly id: string;
  readonly about: string;
  /** What is measured: `merit`, or the name of a task. */
  readonly measure: string;
  /** What it is compared with. */
  readonly other: string;
  readonly difference: number;
  /** Ends of the 95 % interval. */
  readonly low: number;
  readonly high: number;
  /** What it may be put down to; null where that is not known, so that anything the design has may be. */
  readonly subjects: readonly string[] | null;
};

/** The design as a whole, as the subject of a claim. */
export const wholeDesign = 'design';

const merit = 'merit';

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
    ...ofTasksAgainstParent(data, parentRun),
    // Of what the design lacks nothing can be claimed here, and a language model's words alone are hundreds.
    ...effects
      .filter(({ component }) => data.design.components.includes(component))
      .map(({ component, effect, low, high, experiments }) => ({
        id: `effect-of-${component}`,
        about: `effect of ${component} on merit against the average of its slot, over ${experiments} ${experiments === 1 ? 'design' : 'designs'} that have it`,
        measure: merit,
        other: `the average of its slot (over ${experiments} ${experiments === 1 ? 'design' : 'designs'} that have it)`,
        difference: effect,
        low,
        high,
        subjects: [component],
      })),
  ];
}

/** Whether chance explains it. */
export const isInsideNoise = ({ low, high }: Pick<MeasuredEffect, 'low' | 'high'>): boolean => low <= 0 && high >= 0;

/** Of many 95 % intervals some exclude zero although nothing differs: the reader of a claim must know of how many it is one. */
export function chanceText(effects: readonly MeasuredEffect[]): string {
  const clear = effects.filter((one) => !isInsideNoise(one)).length;
  return `Of ${effects.length} measured effects ${clear} ${clear === 1 ? 'lies' : 'lie'} beyond the noise; were there no effect at all, about ${(0.05 * effects.length).toFixed(1)} would by chance.`;
}

function ofComparison(comparison: Comparison, data: AnalyseData): MeasuredEffect {
  const { reference, parent, grandparent, siblings } = data;
  const { relation, experimentId, meritDifference } = comparison;
  const runs = relation === 'baseline' ? (reference.models.find(({ name }) => name === experimentId)?.seeds ?? 1) : 1;
  return {
    id: `merit-vs-${experimentId}`,
    about: `merit of the design less that of ${relation === 'baseline' ? 'the baseline' : `its ${relation}`} ${experimentId}`,
    measure: merit,
    other: experimentId,
    ...around(meritDifference, differenceReach(reference.noise, runs)),
    subjects: subjectsAgainst(
      data,
      relation === 'baseline'
        ? baselineComponents[experimentId]
        : [parent, grandparent, ...siblings].find((one) => one?.experimentId === experimentId)?.components,
    ),
  };
}

function ofTasks(data: AnalyseData): MeasuredEffect[] {
  const { measurement, reference } = data;
  return weakTasks(measurement, reference).flatMap(({ task, value, best, compared }) => {
    const runs = reference.models.find(({ name }) => name === best.name)?.seeds ?? 1;
    return Number.isFinite(value)
      ? [
          {
            id: `${task}-vs-${best.name}`,
            about: `gain in ${task} over ${best.name}, the best of ${compared} linear ${compared === 1 ? 'baseline' : 'baselines'} in the task`,
            measure: task,
            other: best.name,
            ...around(
              gain(measurement, task, best.value),
              taskReach(reference.noise, task, runs),
              // The best of several is so by chance too: only to be below it takes more for that.
              taskReach(reference.noise, task, runs, compared),
            ),
            subjects: subjectsAgainst(data, baselineComponents[best.name]),
          },
        ]
      : [];
  });
}

function ofTasksAgainstParent(data: AnalyseData, parentRun: Measurement | null): MeasuredEffect[] {
  const { measurement, reference, parent } = data;
  return (parentRun?.tasks ?? []).flatMap(({ task, value }) => {
    const difference = gain(measurement, task, value);
    return Number.isFinite(difference)
      ? [
          {
            id: `${task}-vs-${parent.experimentId}`,
            about: `gain in ${task} over its parent`,
            measure: task,
            other: parent.experimentId,
            ...around(difference, taskReach(reference.noise, task, 1)),
            subjects: subjectsAgainst(data, parent.components),
          },
        ]
      : [];
  });
}

/** What a difference to a design of these components may be put down to: nothing that both have. */
const subjectsAgainst = ({ design }: AnalyseData, others: readonly string[] = []): MeasuredEffect['subjects'] =>
  others.length === 0 ? null : [wholeDesign, ...changedComponents(design.components, others)];

function gain({ tasks }: Measurement, task: string, other: number): number {
  const own = tasks.find((one) => one.task === task);
  if (!own) return Number.NaN;
  return own.metric === 'loss' ? other - own.value : own.value - other;
}

/** Of one run against the mean of `runs` others, which was the best of so many. */
const taskReach = (
  { tasks, degreesOfFreedom }: AnalyseData['reference']['noise'],
  task: string,
  runs: number,
  compared = 1,
) =>
  quantileBelowBest(compared, degreesOfFreedom) *
  Math.max(tasks[task] ?? 0, smallestTaskNoise) *
  Math.sqrt(1 + 1 / runs);

const around = (difference: number, reach: number, reachAbove = reach) => ({
  difference,
  low: difference - reach,
  high: difference + reachAbove,
});
