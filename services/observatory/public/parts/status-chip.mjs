import { h } from '../dom/element.mjs';
import { chip } from './chips.mjs';

/** @type {Record<string, string>} */
const tones = { confirmed: 'good', refuted: 'bad', 'not-confirmed': 'warn', 'under-way': 'active' };

/**
 * What is known of a candidate's place: one run, or what fresh seeds say. Null for baselines.
 * @param {Pick<import('@asi/reading').LeaderboardRow, 'status' | 'confirmation'>} row
 */
export function statusChip({ status, confirmation }) {
  if (status === 'baseline') return null;
  if (status === 'provisional' || !confirmation)
    return h('span', { class: 'chip', title: 'one run, chosen among many' }, 'provisional');
  if (status === 'under-way')
    return chip(`confirming ${confirmation.pairs} of ${confirmation.seeds.length}`, tones[status]);
  return h(
    'span',
    { class: `chip ${tones[status] ?? ''}`, title: confirmation.why },
    `${status.replace('-', ' ')} · ${confirmation.pairs} seeds`,
  );
}
