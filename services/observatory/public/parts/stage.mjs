/**
 * Where an experiment under way is. In training its engineer knows better than the director, who hears of a job when its
 * process speaks: it waits in the queue of the runner, again after each change of its program, before it has a slot.
 * @param {Pick<import('@asi/reading').InflightRow, 'id' | 'state'>} row
 * @param {import('@asi/reading').Status | null} status
 */
export function stageOf({ id, state }, status) {
  if (!state.startsWith('training')) return state;
  const told = (status?.processes ?? []).flatMap(({ tasks }) => tasks).find((task) => task.experimentId === id);
  return told?.state.startsWith('training') ? told.state : state;
}
