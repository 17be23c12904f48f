import { h } from '../../dom/element.mjs';
import { get } from '../../live/api.mjs';
import { card } from '../../parts/card.mjs';
import { journalList } from '../../parts/journal-list.mjs';

/**
 * @typedef {import('@asi/reading').JournalLine} JournalLine
 */

/**
 * @param {import('@asi/reading').ExperimentView} experiment
 * @returns {Promise<JournalLine[]>}
 */
export const loadMessages = ({ id }) => get(`experiments/${id}/journal`);

/**
 * The whole life of the experiment, in the order of the journal.
 * @param {import('@asi/reading').ExperimentView} _experiment
 * @param {JournalLine[]} lines
 * @param {import('../../live/live-state.mjs').LiveState} live
 */
export const messagesTab = (_experiment, lines, live) =>
  card(
    { title: 'Messages', note: `${lines.length}, oldest first` },
    lines.length === 0
      ? h('p', { class: 'empty' }, 'The journal has no message of this experiment.')
      : journalList(lines, live),
  );
