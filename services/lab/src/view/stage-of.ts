import type { InflightRow, Status } from '@asi/reading';

/**
 * Where an experiment under way is. In training its engineer knows better than the director, who hears of a job when its
 * process speaks: it waits in the queue of the runner, again after each change of its program, before it has a slot.
 * The page has the same in `parts/stage.mjs`, which nothing is built for.
 */
export function stageOf({ id, state }: Pick<InflightRow, 'id' | 'state'>, processes: Status['processes']): string {
  if (!state.startsWith('training')) return state;
  const told = processes.flatMap(({ tasks }) => tasks).find((task) => task.experimentId === id);
  return told?.state.startsWith('training') ? told.state : state;
}
