import { h } from '../../dom/element.mjs';
import { card } from '../../parts/card.mjs';
import { journalList } from '../../parts/journal-list.mjs';
import { linkTo } from '../../route.mjs';

const shown = 12;

/**
 * The newest facts and commands.
 * @param {import('../../live/live-state.mjs').LiveState} live
 */
export function recentCard(live) {
  const lines = live.messages.filter((line) => line.kind !== 'adt').slice(0, shown);
  return card(
    { title: 'Latest messages', note: h('a', { href: linkTo('journal') }, 'whole journal') },
    lines.length === 0
      ? h('p', { class: 'empty' }, 'Messages appear here as they are published.')
      : journalList(lines, live),
  );
}
