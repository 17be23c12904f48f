/** Messages after which numbers of a campaign are other than before; transitions tell that something moved on. */
const kinds = new Set(['evt', 'adt']);

/**
 * @param {import('@asi/reading').JournalLine} line
 * @param {import('../views/views.mjs').Context} context
 */
export const touchesCampaign = (line, { campaignId }) =>
  kinds.has(line.kind) && (campaignId === null || line.campaignId === null || line.campaignId === campaignId);

/**
 * Only results, not each step towards them.
 * @param {import('@asi/reading').JournalLine} line
 * @param {import('../views/views.mjs').Context} context
 */
export const changesResults = (line, context) =>
  touchesCampaign(line, context) && line.kind === 'evt' && (line.source ?? '').startsWith('director/');

/**
 * Calls of language models, what reaches their caps, and what became of the experiments that they were for.
 * @param {import('@asi/reading').JournalLine} line
 * @param {import('../views/views.mjs').Context} context
 */
export const changesCalls = (line, context) =>
  changesResults(line, context) || (touchesCampaign(line, context) && (line.source ?? '').startsWith('archive/'));
