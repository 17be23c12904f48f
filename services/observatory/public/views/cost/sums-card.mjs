import { h } from '../../dom/element.mjs';
import { grouped, money } from '../../format/numbers.mjs';
import { card } from '../../parts/card.mjs';

/**
 * @typedef {import('@asi/reading').Calls} Calls
 * @typedef {import('@asi/reading').CallSum} CallSum
 */

/**
 * A sum that lacks something must not look whole.
 * @param {CallSum} sum
 */
export const sumDollars = ({ dollars, dollarsAtLeast }) => `${dollarsAtLeast ? '≥ ' : ''}${money(dollars)}`;

/** @param {Calls['models'][number]['price']} price */
export const priceWords = (price) =>
  price === null
    ? 'has no price'
    : `in ${money(price.input)}, cached ${money(price.cachedInput ?? price.input)}, out ${money(price.output)} per million`;

/** @type {Record<Calls['outcomes'][number]['outcome'], string>} */
const outcomeWords = {
  completed: 'what was kept',
  rejected: 'refused',
  failed: 'failures',
  cancelled: 'cancelled',
  'under-way': 'under way',
  none: 'no experiment',
};

/** @param {Calls['outcomes'][number]} row */
export const outcomeName = ({ outcome, reason, experiments }) =>
  `${outcomeWords[outcome]}${reason === null ? '' : `: ${reason}`}${experiments > 0 ? ` (${experiments})` : ''}`;

/** @type {ReadonlyArray<readonly [column: string, title: string, explained: string | null, cell: (sum: CallSum) => string]>} */
const columns = [
  ['calls', 'Calls', null, ({ calls }) => grouped(calls)],
  ['dollars', 'Dollars', null, sumDollars],
  ['input', 'Tokens in', null, ({ input }) => grouped(input)],
  ['cached', 'Cached', 'of these, in the cache of the endpoint', ({ cached }) => grouped(cached)],
  ['output', 'Tokens out', null, ({ output }) => grouped(output)],
  ['reasoning', 'Reasoning', 'of these, of reasoning', ({ reasoning }) => grouped(reasoning)],
  ['failed', 'Failed', 'given up', ({ failed }) => grouped(failed)],
  ['retries', 'Retries', 'requests beyond the first of each call', ({ retries }) => grouped(retries)],
  ['reopenings', 'Again', 'begun again after a death or a failure', ({ reopenings }) => grouped(reopenings)],
  ['lost', 'Lost', 'begun, and never ended', ({ lost }) => grouped(lost)],
];

/**
 * Sums of calls, a row for each.
 * @param {string} title
 * @param {string} first title of the first column
 * @param {ReadonlyArray<{ key: string, name: string, below?: string, sum: CallSum }>} rows
 */
export const sumsCard = (title, first, rows) =>
  card(
    { title },
    h(
      'div',
      { class: 'table-scroll' },
      h(
        'table',
        { class: 'sums', 'aria-label': title },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            h('th', { scope: 'col' }, first),
            columns.map(([, name, explained]) => h('th', { scope: 'col', class: 'number', title: explained }, name)),
          ),
        ),
        h(
          'tbody',
          {},
          rows.map(({ key, name, below, sum }) =>
            h(
              'tr',
              { 'data-key': key },
              h('td', { class: 'name', title: name }, name, below ? h('div', { class: 'faint' }, below) : null),
              columns.map(([column, , , cell]) => h('td', { class: 'number', 'data-column': column }, cell(sum))),
            ),
          ),
        ),
      ),
    ),
  );
