import { h } from '../../dom/element.mjs';
import { card } from '../../parts/card.mjs';
import { journalList } from '../../parts/journal-list.mjs';
import { linkTo } from '../../route.mjs';

const shown = 12;

/**
 * The newest facts and commands.
 * @param {import('../../live/live-state.mjs').LiveState} live
 * @param {import('../../route.mjs').Route} route
 */
export function recentCard(live, { query }) {
  const lines = live.messages.filter((line) => line.kind !== 'adt').slice(0, shown);
  const journal = linkTo('journal', null, { campaign: query.campaign, of: query.campaign ? 'all' : null });
  return card(
    { title: 'Latest messages', note: h('a', { href: journal }, 'whole journal') },
    lines.length === 0
      ? h(
          'p',
          { class: 'empty' },
          live.connection === 'connecting' ? 'Loading …' : 'Messages appear here as they are published.',
        )
      : journalList(lines, live, live.messages),
  );
}
