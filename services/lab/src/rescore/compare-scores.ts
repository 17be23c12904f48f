import type { Measurement } from '@asi/contracts';
import type { Rescored } from './rescore-raw.ts';

/** One score, as it was stored and as it follows from the raw values. Equal means to the last bit. */
export type ComparedScore = {
  readonly name: string;
  readonly stored: number | string | null;
  readonly again: number | string | null;
  readonly equal: boolean;
};

/** Every score of a measurement beside what was computed again. A task that only one side has is a difference. */
export function compareScores(measured: Measurement, again: Rescored): ComparedScore[] {
  const byTask = new Map(again.tasks.map((task) => [task.task, task]));
  const ofTasks = measured.tasks.flatMap((task) => {
    const other = byTask.get(task.task);
    return (['value', 'standardError', 'loss', 'sequences', 'rawSha256'] as const).map((field) =>
      compared(`${task.task}.${field}`, task[field], other?.[field] ?? null),
    );
  });
  const known = new Set(measured.tasks.map(({ task }) => task));
  const added = again.tasks.filter(({ task }) => !known.has(task)).map(({ task }) => compared(task, null, 'scored'));
  return [
    ...ofTasks,
    ...added,
    compared('battery', measured.battery, again.battery),
    compared('languageModelLoss', measured.languageModelLoss, again.languageModelLoss),
    compared('suspectLeak', measured.suspectLeak ?? '', again.suspectLeak),
  ];
}

const compared = (name: string, stored: number | string | null, again: number | string | null): ComparedScore => ({
  name,
  stored,
  again,
  equal: Object.is(stored, again),
});
