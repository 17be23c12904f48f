import { get } from '../live/api.mjs';

/**
 * The design of an experiment: of a finished one from its record, of one under way from the message that told of it.
 * @param {import('@asi/reading').ExperimentView} experiment
 * @returns {Promise<import('@asi/contracts').Design | null>}
 */
export async function designOf({ id, finished, record }) {
  if (finished) return record?.design ?? null;
  /** @type {import('@asi/reading').JournalLine[]} */
  const lines = await get(`experiments/${id}/journal`).catch(() => []);
  const told = lines.findLast((line) => line.type === 'asi.design.finished.v1');
  return told ? /** @type {any} */ (told.data).design : null;
}
