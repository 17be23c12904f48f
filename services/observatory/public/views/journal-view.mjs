import { h } from '../dom/element.mjs';
import { grouped } from '../format/numbers.mjs';
import { get } from '../live/api.mjs';
import { card } from '../parts/card.mjs';
import { journalList } from '../parts/journal-list.mjs';
import { linkTo, linkWith } from '../route.mjs';

/**
 * @typedef {import('@asi/reading').JournalLine} JournalLine
 * @typedef {{ lines: readonly JournalLine[], searchedFrom: number, lastSequence: number }} Data
 */

const kinds = /** @type {const} */ ([
  ['', 'all kinds'],
  ['evt', 'facts (evt)'],
  ['cmd', 'commands (cmd)'],
  ['adt', 'for auditors (adt)'],
  ['dlq', 'dead letters (dlq)'],
]);
const roles = ['director', 'researcher', 'engineer', 'analyst', 'judge', 'archive', 'cognition', 'lab'];
const shown = 300;

/** @type {import('./views.mjs').View<Data>} */
export const journalView = {
  title: () => 'Journal',
  dependsOn: ['kind', 'role', 'type', 'experiment', 'of'],
  isLive: true,
  load: async ({ route }) => {
    const { kind, role, type, experiment } = route.query;
    const campaign = campaignOf(route.query);
    return get('journal', { kind, role, type, experiment, campaign, limit: String(shown) });
  },
  render: (data, { route, live }) => {
    const known = data.lines[0]?.sequence ?? data.lastSequence;
    const news = live.messages.filter((line) => line.sequence > known && passes(line, route.query));
    const lines = [...news, ...data.lines].slice(0, shown);
    return h(
      'div',
      { class: 'stack' },
      h(
        'div',
        { class: 'head' },
        h('h1', {}, 'Journal'),
        h(
          'span',
          { class: 'sub' },
          `${grouped(live.messages[0]?.sequence ?? data.lastSequence)} messages in the journal, newest first; new ones appear on top`,
        ),
      ),
      card(
        { title: 'Messages' },
        filters(route, lines),
        lines.length === 0 ? h('p', { class: 'empty' }, 'No message passes these filters.') : journalList(lines, live),
        searched(data),
      ),
    );
  },
  refreshes: () => false,
};

/**
 * The campaign whose messages are shown: the one of the whole page, unless the reader wants those of all.
 * @param {Record<string, string>} query
 */
const campaignOf = ({ campaign = '', of }) => (of === 'all' ? '' : campaign);

/** @param {Data} data */
const searched = ({ searchedFrom }) =>
  searchedFrom > 1
    ? h('p', { class: 'faint' }, `Looked back to message ${grouped(searchedFrom)}. The whole journal: asi journal`)
    : null;

/**
 * The same filters that the observatory applies to `GET /api/journal`.
 * @param {JournalLine} line
 * @param {Record<string, string>} query
 */
function passes(line, query) {
  const { kind, role, type, experiment } = query;
  const campaign = campaignOf(query);
  if (kind && line.kind !== kind) return false;
  if (role && line.source?.split('/')[0] !== role && line.subject.split('.')[2] !== role) return false;
  if (type && !line.type?.includes(type)) return false;
  if (campaign && !isOf(campaign, line)) return false;
  return !experiment || line.experimentId === experiment;
}

/**
 * @param {string} campaign
 * @param {JournalLine} line
 */
const isOf = (campaign, { campaignId, experimentId }) =>
  experimentId === null ? campaignId === campaign : experimentId.startsWith(`${campaign}-`);

/**
 * @param {import('../route.mjs').Route} route
 * @param {readonly JournalLine[]} lines
 */
function filters(route, lines) {
  const { kind = '', role = '', type = '', experiment = '', campaign = '', of = '' } = route.query;
  const types = [...new Set([...lines.flatMap((line) => line.type ?? []), ...(type ? [type] : [])])].sort();
  return h(
    'div',
    { class: 'filters' },
    choice('Kind', kinds, kind, (value) => linkWith(route, { kind: value })),
    choice('Role', [['', 'all roles'], ...roles.map((one) => /** @type {const} */ ([one, one]))], role, (value) =>
      linkWith(route, { role: value }),
    ),
    choice('Type', [['', 'all types'], ...types.map((one) => /** @type {const} */ ([one, one]))], type, (value) =>
      linkWith(route, { type: value }),
    ),
    experiment ? h('span', { class: 'label' }, experiment) : null,
    campaign
      ? choice(
          'Of',
          [
            ['', `campaign ${campaign}`],
            ['all', 'all campaigns'],
          ],
          of,
          (value) => linkWith(route, { of: value }),
        )
      : null,
    // The campaign is chosen for the whole page, so it stays.
    kind || role || type || experiment || of ? h('a', { href: linkTo(route.view, null, { campaign }) }, 'clear') : null,
  );
}

/**
 * @param {string} label
 * @param {ReadonlyArray<readonly [string, string]>} options
 * @param {string} chosen
 * @param {(value: string) => string} link
 */
const choice = (label, options, chosen, link) =>
  h(
    'label',
    {},
    label,
    h(
      'select',
      { 'data-navigate': 'true', name: label.toLowerCase() },
      options.map(([value, name]) => h('option', { value: link(value), selected: value === chosen }, name)),
    ),
  );
