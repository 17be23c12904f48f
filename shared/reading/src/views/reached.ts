import type { ExperimentKind } from '@asi/contracts';
import type { Material } from './material.ts';

/**
 * What the counts of a progress are counts of, by id: candidates with a result, baselines that are measured (judged or
 * not, reused ones included), and trainings with fresh seeds that have ended.
 */
export type Reached = Readonly<Record<ExperimentKind, readonly string[]>>;

export function reachedOf({ candidates, baselines, confirmationRuns, inflight }: Material): Reached {
  const ended = new Set<string>(baselines.map(({ _id }) => _id));
  const completed = (records: Material['candidates']) =>
    records.filter(({ outcome }) => outcome === 'completed').map(({ _id }): string => _id);
  const measured = inflight.filter(
    ({ _id, settled, view }) => view.kind === 'baseline' && view.measuredAt && !settled && !ended.has(_id),
  );
  return {
    candidate: completed(candidates),
    baseline: [...completed(baselines), ...measured.map(({ _id }) => _id)],
    confirmation: confirmationRuns.map(({ _id }): string => _id),
  };
}
