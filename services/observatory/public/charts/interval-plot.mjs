import { h, s } from '../dom/element.mjs';
import { cutName } from '../parts/cut-name.mjs';
import { extent } from './extent.mjs';
import { linearScale } from './scale.mjs';

/**
 * @typedef {{ name: string, title?: string, value: number, low: number, high: number, text: string, tone?: string, reference?: number | null }} Interval
 */

/**
 * Values with their intervals, one a line, around a line that means "no difference" where `zero` is given. Names and
 * numbers are text of the page; only the middle is drawn, in per cent of its width, so that nothing is stretched.
 * @param {{ key: string, label: string, rows: readonly Interval[], zero?: number | null, domain?: readonly [number, number] }} plot
 */
export function intervalPlot({ key, label, rows, zero = null, domain }) {
  const drawn = rows.filter((row) => [row.value, row.low, row.high].every(Number.isFinite));
  const values = drawn.flatMap((row) => [row.low, row.high, row.reference ?? row.value]);
  const x = linearScale(domain ?? extent(zero === null ? values : [...values, zero]), [2, 98], 2);
  const at = (/** @type {number} */ value) => `${x(value).toFixed(2)}%`;
  return h(
    'div',
    { class: 'intervals', 'data-key': key, role: 'table', 'aria-label': label },
    rows.map((row) => line(row, at, zero)),
    h(
      'div',
      { class: 'interval axis', 'aria-hidden': 'true' },
      h('span', {}),
      s(
        'svg',
        { width: '100%', height: 16 },
        x.ticks.map((tick) =>
          s('text', { class: 'tick', x: at(tick), y: 12, 'text-anchor': 'middle' }, x.format(tick)),
        ),
      ),
      h('span', {}),
    ),
  );
}

/**
 * @param {Interval} row
 * @param {(value: number) => string} at
 * @param {number | null} zero
 */
function line(row, at, zero) {
  const drawn = [row.value, row.low, row.high].every(Number.isFinite);
  const tone = row.tone ?? '';
  return h(
    'div',
    { class: 'interval', role: 'row', 'data-key': row.name },
    h('span', { class: 'interval-name', role: 'rowheader', title: row.title ?? row.name }, cutName(row.name)),
    s(
      'svg',
      { width: '100%', height: 20, 'aria-hidden': 'true' },
      zero === null ? null : s('line', { class: 'zero', x1: at(zero), x2: at(zero), y1: 0, y2: 20 }),
      typeof row.reference === 'number' && Number.isFinite(row.reference)
        ? s('line', { class: 'line reference', x1: at(row.reference), x2: at(row.reference), y1: 3, y2: 17 })
        : null,
      drawn ? s('line', { class: `bar ${tone}`, x1: at(row.low), x2: at(row.high), y1: 10, y2: 10 }) : null,
      drawn ? s('circle', { class: `mark ${tone}`, cx: at(row.value), cy: 10, r: 3.5 }) : null,
    ),
    h('span', { class: 'interval-text', role: 'cell' }, row.text),
  );
}
