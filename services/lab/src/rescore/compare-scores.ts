import type { Measurement } from '@asi/contracts';
import { type ComparedScore, comparedScore } from './compared-score.ts';
import type { Rescored } from './rescore-raw.ts';

/** Every score of a measurement beside what was computed again. A task that only one side has is a difference. */
export function compareScores(measured: Measurement, again: Rescored): ComparedScore[] {
  const byTask = new Map(again.tasks.map((task) => [task.task, task]));
  const ofTasks = measured.tasks.flatMap((task) => {
    const other = byTask.get(task.task);
    return (['value', 'standardError', 'loss', 'sequences', 'rawSha256'] as const).map((field) =>
      comparedScore(`${task.task}.${field}`, task[field], other?.[field] ?? null),
    );
  });
  const known = new Set(measured.tasks.map(({ task }) => task));
  const added = again.tasks
    .filter(({ task }) => !known.has(task))
    .map(({ task }) => comparedScore(task, null, 'scored'));
  return [
    ...ofTasks,
    ...added,
    comparedScore('battery', measured.battery, again.battery),
    comparedScore('languageModelLoss', measured.languageModelLoss, again.languageModelLoss),
    comparedScore('suspectLeak', measured.suspectLeak ?? '', again.suspectLeak),
  ];
}
