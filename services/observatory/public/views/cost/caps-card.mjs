import { h } from '../../dom/element.mjs';
import { grouped, money, percent } from '../../format/numbers.mjs';
import { card } from '../../parts/card.mjs';
import { linkTo } from '../../route.mjs';

/** @typedef {import('@asi/reading').Calls['caps'][number]} Cap */

/**
 * How near the caps of spending are: what is in flight counts with the most that it can take.
 * @param {readonly Cap[]} caps
 */
export const capsCard = (caps) =>
  card(
    {
      title: 'Caps',
      note:
        caps.length === 0
          ? ''
          : 'in flight: the most that open calls can take; a cap that is reached pauses the campaign',
    },
    caps.length === 0
      ? h(
          'p',
          { class: 'soft' },
          'No cap is set (',
          h('code', {}, 'spending'),
          ' in the campaign file, ',
          h('code', {}, 'asi run --dollars N'),
          ').',
        )
      : h(
          'div',
          { class: 'table-scroll' },
          h(
            'table',
            { 'aria-label': 'Caps' },
            h(
              'thead',
              {},
              h(
                'tr',
                {},
                titles.map((title, index) => h('th', { scope: 'col', class: index > 1 ? 'number' : null }, title)),
              ),
            ),
            h('tbody', {}, caps.map(row)),
          ),
        ),
  );

const titles = ['Cap of', 'Used', '', 'Limit', 'Spent', 'In flight', 'Left'];

/** @param {Cap} cap */
function row({ cap, of, unit, limit, spent, inFlight }) {
  const amount = (/** @type {number} */ value) => (unit === 'dollars' ? money(value) : grouped(value));
  const used = limit === 0 ? 1 : (spent + inFlight) / limit;
  const number = (/** @type {string} */ column, /** @type {number} */ value) =>
    h('td', { class: 'number', 'data-column': column }, amount(value));
  return h(
    'tr',
    { 'data-key': `${cap}/${of}/${unit}` },
    h(
      'td',
      { class: 'wrap' },
      cap === 'experiment'
        ? ['each experiment, nearest ', h('a', { class: 'mono', href: linkTo('experiment', of, { tab: 'calls' }) }, of)]
        : cap === 'role'
          ? `the ${of}`
          : `campaign ${of}`,
      `, in ${unit}`,
    ),
    h(
      'td',
      { class: 'meter' },
      h('progress', { max: limit, value: Math.min(limit, spent + inFlight), 'aria-label': `${percent(used)} used` }),
    ),
    h('td', { class: `number ${used >= 0.9 ? 'warn' : ''}` }, percent(used)),
    number('limit', limit),
    number('spent', spent),
    number('inFlight', inFlight),
    number('left', Math.max(0, limit - spent - inFlight)),
  );
}
