import { h } from '../dom/element.mjs';
import { linkTo, linkWith } from '../route.mjs';

const tabs = /** @type {const} */ ([
  ['overview', 'Overview'],
  ['leaderboard', 'Leaderboard'],
  ['tree', 'Tree'],
  ['cost', 'Cost'],
  ['journal', 'Journal'],
]);

const connectionWords = { connecting: 'connecting', live: 'live', reconnecting: 'reconnecting …' };

/**
 * @param {{
 *   route: import('../route.mjs').Route, campaignId: string | null, isUnknown: boolean, connection: import('../live/event-source.mjs').Connection,
 *   campaigns: ReadonlyArray<{ id: string, title: string, state: string }>,
 * }} state
 */
export function bar({ route, campaignId, isUnknown, connection, campaigns }) {
  const campaign = campaigns.length > 1 && !isUnknown ? campaignId : null;
  return h(
    'header',
    { id: 'bar' },
    h('a', { class: 'brand', href: linkTo('overview', null, { campaign }) }, 'Observatory'),
    h(
      'nav',
      { 'aria-label': 'Views' },
      tabs.map(([view, name]) =>
        h('a', { href: linkTo(view, null, { campaign }), 'aria-current': route.view === view ? 'page' : null }, name),
      ),
    ),
    h('span', { class: 'push' }),
    campaigns.length > 0
      ? h(
          'select',
          { 'aria-label': 'Campaign', 'data-navigate': 'true' },
          isUnknown ? h('option', { selected: true, disabled: true }, 'choose a campaign') : null,
          campaigns.map((one) =>
            h(
              'option',
              {
                value: linkWith(route.id === null ? route : { view: 'overview', id: null, query: {} }, {
                  campaign: one.id,
                  selected: null,
                }),
                selected: one.id === campaignId,
              },
              `${one.id} · ${one.title} · ${one.state}`,
            ),
          ),
        )
      : null,
    h('button', { 'data-action': 'theme', type: 'button', title: 'Light or dark' }, '◐'),
    h(
      'span',
      { class: `connection ${connection}`, role: 'status', 'aria-live': 'polite' },
      connectionWords[connection],
    ),
  );
}
