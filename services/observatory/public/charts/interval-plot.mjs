import { h, s } from '../dom/element.mjs';
import { extent } from './line-chart.mjs';
import { linearScale } from './scale.mjs';

/**
 * @typedef {{ name: string, value: number, low: number, high: number, text: string, tone?: string, reference?: number | null, link?: string | null }} Interval
 */

const rowHeight = 22;
const width = 520;
const left = 168;
const right = 128;

/**
 * Values with their intervals, one a line, around a line that means "no difference" where `zero` is given.
 * @param {{ key: string, label: string, rows: readonly Interval[], zero?: number | null, domain?: readonly [number, number] }} plot
 */
export function intervalPlot({ key, label, rows, zero = null, domain }) {
  const finite = rows.filter((row) => [row.value, row.low, row.high].every(Number.isFinite));
  const values = finite.flatMap((row) => [row.low, row.high, row.reference ?? row.value]);
  const [low, high] = domain ?? extent(zero === null ? values : [...values, zero]);
  const x = linearScale([low, high], [left, width - right], 4);
  const height = rows.length * rowHeight + 22;
  return h(
    'figure',
    { class: 'chart intervals', 'data-key': key },
    s(
      'svg',
      {
        viewBox: `0 0 ${width} ${height}`,
        role: 'img',
        'aria-label': `${label}: ${rows.map((row) => `${row.name} ${row.text}`).join('; ')}`,
      },
      x.ticks.map((tick) =>
        s('text', { class: 'tick', x: x(tick), y: height - 6, 'text-anchor': 'middle' }, x.format(tick)),
      ),
      zero === null ? null : s('line', { class: 'zero', x1: x(zero), x2: x(zero), y1: 0, y2: height - 20 }),
      rows.map((row, index) => line(row, index * rowHeight + rowHeight / 2, x)),
    ),
  );
}

/**
 * @param {Interval} row
 * @param {number} y
 * @param {import('./scale.mjs').Scale} x
 */
function line(row, y, x) {
  const drawn = [row.value, row.low, row.high].every(Number.isFinite);
  const tone = row.tone ?? '';
  return s(
    'g',
    {},
    s('title', {}, `${row.name}: ${row.text}`),
    s(
      'text',
      { x: left - 12, y: y + 4, 'text-anchor': 'end' },
      row.name.length > 25 ? `${row.name.slice(0, 24)}…` : row.name,
    ),
    s('line', { class: 'grid', x1: left, x2: width - right, y1: y + rowHeight / 2, y2: y + rowHeight / 2 }),
    typeof row.reference === 'number' && Number.isFinite(row.reference)
      ? s('line', { class: 'line reference', x1: x(row.reference), x2: x(row.reference), y1: y - 7, y2: y + 7 })
      : null,
    drawn ? s('line', { class: `bar ${tone}`, x1: x(row.low), x2: x(row.high), y1: y, y2: y }) : null,
    drawn ? s('circle', { class: `mark ${tone}`, cx: x(row.value), cy: y, r: 3.5 }) : null,
    s('text', { class: 'value', x: width, y: y + 4, 'text-anchor': 'end' }, row.text),
  );
}
