import { h } from '../dom/element.mjs';
import { linkWith } from '../route.mjs';

/**
 * @template Row
 * @typedef {{
 *   name: string, label: string, title?: string, number?: boolean, kind?: string,
 *   cell(row: Row): import('../dom/element.mjs').Child | readonly import('../dom/element.mjs').Child[],
 *   order?(row: Row): number | string | null,
 *   best?: 'high' | 'low',
 * }} Column
 */

/** More rows than anybody reads make the page slow; the rest is one click away. */
const rowLimit = 300;

/**
 * A table that is sorted by the address: `?sort=name` or `?sort=-name`. Rows without a value always come last.
 * @template Row
 * @param {{
 *   columns: ReadonlyArray<Column<Row>>, rows: readonly Row[], route: import('../route.mjs').Route, caption: string,
 *   key(row: Row): string, rowClass?(row: Row): string | null, presorted?: string,
 * }} table
 */
export function table({ columns, rows, route, caption, key, rowClass, presorted }) {
  const given = route.query.sort ?? presorted ?? '';
  const descending = given.startsWith('-');
  const sorting = columns.find((column) => column.order && column.name === given.replace(/^-/, ''));
  const all = sorted(rows, sorting, descending);
  const shown = route.query.rows === 'all' ? all : all.slice(0, rowLimit);
  return h(
    'div',
    { class: 'table-scroll' },
    h(
      'table',
      { 'aria-label': caption },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          columns.map((column) => heading(column, sorting, descending, route)),
        ),
      ),
      h(
        'tbody',
        {},
        shown.map((row) =>
          h(
            'tr',
            { 'data-key': key(row), class: rowClass?.(row) ?? null },
            columns.map((column) =>
              h('td', { class: cellClass(column), 'data-column': column.name }, ...[column.cell(row)].flat()),
            ),
          ),
        ),
      ),
    ),
    shown.length < all.length
      ? h(
          'p',
          { class: 'empty' },
          `The first ${shown.length} of ${all.length} rows. `,
          h('a', { href: linkWith(route, { rows: 'all' }) }, 'Show all'),
        )
      : null,
  );
}

/**
 * @template Row
 * @param {Column<Row>} column
 * @param {Column<Row> | undefined} sorting
 * @param {boolean} descending
 * @param {import('../route.mjs').Route} route
 */
function heading(column, sorting, descending, route) {
  const active = sorting?.name === column.name;
  // The first choice of a column shows its best values on top, the second one turns it round.
  const next = active ? !descending : column.best === 'high';
  const sort = column.order
    ? h(
        'a',
        { href: linkWith(route, { sort: `${next ? '-' : ''}${column.name}` }), title: column.title },
        column.label,
        active ? (descending ? ' ↓' : ' ↑') : '',
      )
    : h('span', { title: column.title }, column.label);
  return h(
    'th',
    {
      scope: 'col',
      class: cellClass(column),
      'aria-sort': active ? (descending ? 'descending' : 'ascending') : null,
    },
    sort,
  );
}

/**
 * @template Row
 * @param {readonly Row[]} rows
 * @param {Column<Row> | undefined} column
 * @param {boolean} descending
 */
function sorted(rows, column, descending) {
  const order = column?.order;
  if (!order) return rows;
  return [...rows].sort((one, other) => {
    const a = order(one);
    const b = order(other);
    const missingA = a === null || Number.isNaN(a);
    const missingB = b === null || Number.isNaN(b);
    if (missingA || missingB) return Number(missingA) - Number(missingB);
    return (a < b ? -1 : a > b ? 1 : 0) * (descending ? -1 : 1);
  });
}

/**
 * @template Row
 * @param {Column<Row>} column
 */
const cellClass = (column) => [column.number ? 'number' : '', column.kind ?? ''].filter(Boolean).join(' ') || null;
