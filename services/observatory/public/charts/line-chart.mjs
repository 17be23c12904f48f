import { h, s } from '../dom/element.mjs';
import { fixed } from '../format/numbers.mjs';
import { extent } from './extent.mjs';
import { linearScale } from './scale.mjs';

/**
 * @typedef {readonly [number, number]} Point
 * @typedef {{ name: string, points: readonly Point[], tone?: string, dashed?: boolean, dots?: boolean, step?: boolean }} Series
 * @typedef {{ label: string, low: number, high: number, tone?: string }} Band
 * @typedef {{
 *   key: string, title: string, series: readonly Series[], bands?: readonly Band[], xLabel: string, yLabel: string,
 *   digits?: number, height?: number, width?: number, note?: string, countsX?: boolean, possible?: readonly [number, number],
 * }} LineChart
 */

const margin = { top: 20, right: 14, bottom: 34, left: 52 };

/**
 * Curves over a common axis. Points that are not finite are left out of the line and said in the legend: a diverged run must not look short.
 * Neither a band nor the axis leaves what is `possible`.
 * @param {LineChart} chart
 */
export function lineChart({
  key,
  title,
  series,
  bands = [],
  xLabel,
  yLabel,
  digits = 3,
  height = 220,
  width = 480,
  note,
  countsX = false,
  possible = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
}) {
  const clipped = (/** @type {number} */ value) => Math.max(possible[0], Math.min(possible[1], value));
  const reaches = bands.map((band) => ({ ...band, low: clipped(band.low), high: clipped(band.high) }));
  const drawn = series.map((one) => ({
    ...one,
    points: one.points.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y)),
  }));
  const points = drawn.flatMap((one) => one.points);
  if (points.length === 0) {
    return h(
      'figure',
      { class: 'chart', 'data-key': key },
      h('figcaption', {}, title),
      h('p', { class: 'empty' }, 'No values yet.'),
    );
  }
  const x = linearScale(extent(points.map((point) => point[0])), [margin.left, width - margin.right], 5, countsX);
  const heights = [...points.map((point) => point[1]), ...reaches.flatMap((band) => [band.low, band.high])];
  const [low, high] = padded(extent(heights));
  const y = linearScale([clipped(low), clipped(high)], [height - margin.bottom, margin.top], 4);
  const readout = { series: drawn.map(({ name, points: line }) => ({ name, points: line })), digits, xLabel };
  return h(
    'figure',
    { class: 'chart', 'data-key': key },
    h(
      'figcaption',
      {},
      title,
      note ? h('span', { class: 'faint' }, ` ${note}`) : null,
      h(
        'button',
        { type: 'button', class: 'copy', 'data-action': 'copy-data', title: 'Copy the numbers as CSV' },
        'copy data',
      ),
    ),
    s(
      'svg',
      {
        viewBox: `0 0 ${width} ${height}`,
        role: 'img',
        'aria-label': `${title}: ${drawn.map((one) => describe(one, digits)).join('; ')}`,
        'data-readout': JSON.stringify(readout),
        'data-frame': JSON.stringify({
          x: x.domain,
          left: margin.left,
          right: width - margin.right,
          top: margin.top,
          bottom: height - margin.bottom,
        }),
      },
      reaches.map((band) =>
        s('rect', {
          class: `band ${band.tone ?? ''}`,
          x: margin.left,
          width: width - margin.left - margin.right,
          y: y(band.high),
          height: Math.max(1, y(band.low) - y(band.high)),
        }),
      ),
      y.ticks.flatMap((tick) => [
        s('line', { class: 'grid', x1: margin.left, x2: width - margin.right, y1: y(tick), y2: y(tick) }),
        s('text', { class: 'tick', x: margin.left - 6, y: y(tick) + 3.5, 'text-anchor': 'end' }, y.format(tick)),
      ]),
      x.ticks.map((tick) =>
        s(
          'text',
          { class: 'tick', x: x(tick), y: height - margin.bottom + 14, 'text-anchor': 'middle' },
          x.format(tick),
        ),
      ),
      s('text', { class: 'axis', x: width - margin.right, y: height - 4, 'text-anchor': 'end' }, xLabel),
      s('text', { class: 'axis', x: 4, y: 9, 'text-anchor': 'start' }, yLabel),
      drawn.map((one, index) => curve(one, index, x, y)),
    ),
    legend(series, drawn, bands),
  );
}

/**
 * @param {readonly Series[]} series
 * @param {readonly Series[]} drawn the same without what is not finite
 * @param {readonly Band[]} bands
 */
const legend = (series, drawn, bands) =>
  h(
    'ul',
    { class: 'legend' },
    series.map((one, index) =>
      h(
        'li',
        {},
        sample(
          one.dots
            ? s('circle', { class: `dot ${tone(one, index)}`, cx: 9, cy: 4, r: 2.6 })
            : s('line', { class: lineClass(one, index), x1: 0, x2: 18, y1: 4, y2: 4 }),
        ),
        one.name,
        one.points.length > (drawn[index]?.points.length ?? 0) ? h('span', { class: 'bad' }, ' diverged') : null,
      ),
    ),
    bands.map((band) =>
      h('li', {}, sample(s('rect', { class: `band ${band.tone ?? ''}`, width: 18, height: 8 })), band.label),
    ),
  );

/** @param {SVGElement} shape */
const sample = (shape) => s('svg', { viewBox: '0 0 18 8', width: 18, height: 8, 'aria-hidden': 'true' }, shape);

/**
 * @param {Series} one
 * @param {number} index
 * @param {import('./scale.mjs').Scale} x
 * @param {import('./scale.mjs').Scale} y
 */
function curve(one, index, x, y) {
  const at = (/** @type {Point} */ [px, py]) => `${x(px).toFixed(1)},${y(py).toFixed(1)}`;
  const parts = one.points.map((point, place) => {
    if (place === 0) return `M${at(point)}`;
    return one.step ? `H${x(point[0]).toFixed(1)}V${y(point[1]).toFixed(1)}` : `L${at(point)}`;
  });
  return s(
    'g',
    {},
    one.dots === true ? null : s('path', { class: lineClass(one, index), d: parts.join('') }),
    one.dots || one.points.length === 1
      ? one.points.map(([px, py]) =>
          s('circle', { class: `dot ${tone(one, index)}`, cx: x(px).toFixed(1), cy: y(py).toFixed(1), r: 2.6 }),
        )
      : null,
  );
}

/**
 * @param {Series} one
 * @param {number} index
 */
const tone = (one, index) => one.tone ?? `tone-${index % 6}`;
/**
 * @param {Series} one
 * @param {number} index
 */
const lineClass = (one, index) => `line ${tone(one, index)}${one.dashed ? ' dashed' : ''}`;

/**
 * @param {Series} one
 * @param {number} digits
 */
const describe = (one, digits) => `${one.name} ends at ${fixed(one.points.at(-1)?.[1], digits)}`;

/**
 * @param {readonly [number, number]} domain
 * @returns {readonly [number, number]}
 */
const padded = ([low, high]) => [low - (high - low) * 0.05, high + (high - low) * 0.05];
