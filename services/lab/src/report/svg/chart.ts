import { type Html, html } from '../html.ts';
import { linearScale, type Scale, tickText } from './scale.ts';

export type Point = { readonly x: number; readonly y: number; readonly title?: string };

export type Series = {
  readonly name: string;
  /** Colour class `c0` ... `c7`. */
  readonly color: number;
  readonly shape: 'line' | 'step' | 'points';
  readonly strong?: boolean;
  readonly points: readonly Point[];
};

export type Level = {
  readonly y: number;
  readonly name: string;
  readonly color: number;
  readonly band?: readonly [number, number];
};

export type ChartOptions = {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  /** Whether x counts something: half of it is no place on the axis. */
  readonly countsX?: boolean;
  readonly width?: number;
  readonly height?: number;
  readonly series: readonly Series[];
  /** Horizontal lines, with a band of their noise where it is known. */
  readonly levels?: readonly Level[];
  /** False where a neighbouring figure's legend serves. */
  readonly legend?: boolean;
};

const margin = { left: 52, right: 14, top: 12, bottom: 38 };

/** Lines, steps and points over two linear axes, with a legend; a figure that needs nothing but this page's style sheet. */
export function chart(options: ChartOptions): Html {
  const { title, series, levels = [], width = 720, height = 280 } = options;
  const points = series.flatMap((one) => one.points).filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  if (points.length === 0) return html`<p class="empty">${title}: nothing to show yet.</p>`;
  const right = width - margin.right;
  const bottom = height - margin.bottom;
  const x = linearScale(
    points.map((one) => one.x),
    [margin.left, right],
    width > 500 ? 8 : 4,
    options.countsX,
  );
  const reach = levels.flatMap(({ y, band = [] }) => [y, ...band]);
  const y = linearScale([...points.map((one) => one.y), ...reach], [bottom, margin.top]);
  return html`<figure><figcaption>${title}</figcaption><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">
${axes(x, y, options, { right, bottom, width, height })}
${levels.map((level) => levelMarkup(level, x, y))}
${series.map((one) => seriesMarkup(one, x, y))}
</svg>${options.legend === false ? null : legendOf([...series, ...levels])}</figure>`;
}

/** What the colours mean. */
export const legendOf = (entries: ReadonlyArray<Pick<Series, 'name' | 'color'>>): Html =>
  html`<div class="legend">${entries.map(({ name, color }) => html`<span><i class="swatch c${color}"></i>${name}</span>`)}</div>`;

type Frame = { readonly right: number; readonly bottom: number; readonly width: number; readonly height: number };

const axes = (x: Scale, y: Scale, options: ChartOptions, { right, bottom, width, height }: Frame): Html => html`
${y.ticks.map(
  (
    tick,
  ) => html`<line class="grid" x1="${margin.left}" x2="${right}" y1="${round(y.at(tick))}" y2="${round(y.at(tick))}"/>
<text class="tick" text-anchor="end" x="${margin.left - 6}" y="${round(y.at(tick) + 4)}">${tickText(tick)}</text>`,
)}
${x.ticks.map(
  (tick) =>
    html`<text class="tick" text-anchor="middle" x="${round(x.at(tick))}" y="${bottom + 15}">${tickText(tick)}</text>`,
)}
<line class="axis" x1="${margin.left}" x2="${right}" y1="${bottom}" y2="${bottom}"/>
<text class="label" text-anchor="middle" x="${(margin.left + right) / 2}" y="${height - 5}">${options.x}</text>
<text class="label" text-anchor="middle" transform="translate(11 ${(margin.top + bottom) / 2}) rotate(-90)">${options.y}</text>
<title>${options.title} (${width} by ${height})</title>`;

function levelMarkup({ y: value, name, color, band: ends }: Level, x: Scale, y: Scale): Html {
  const [left, right] = [x.at(x.domain[0]), x.at(x.domain[1])];
  const at = round(y.at(value));
  const band =
    ends === undefined
      ? null
      : html`<rect class="band c${color}" x="${round(left)}" width="${round(right - left)}" y="${round(y.at(ends[1]))}" height="${round(Math.max(0, y.at(ends[0]) - y.at(ends[1])))}"/>`;
  return html`${band}<line class="level c${color}" x1="${round(left)}" x2="${round(right)}" y1="${at}" y2="${at}"><title>${name}: ${tickText(value)}</title></line>`;
}

function seriesMarkup({ name, color, shape, strong, points }: Series, x: Scale, y: Scale): Html {
  const finite = points.filter((one) => Number.isFinite(one.x) && Number.isFinite(one.y));
  if (shape === 'points') {
    return html`${finite.map(
      (one) =>
        html`<circle class="point c${color}" cx="${round(x.at(one.x))}" cy="${round(y.at(one.y))}" r="4"><title>${one.title ?? name}</title></circle>`,
    )}`;
  }
  const path = finite
    .map((one, index) => {
      const [px, py] = [round(x.at(one.x)), round(y.at(one.y))];
      if (index === 0) return `M${px} ${py}`;
      return shape === 'step' ? `H${px}V${py}` : `L${px} ${py}`;
    })
    .join('');
  return html`<path class="${strong ? 'strong' : 'thin'} c${color}" d="${path}"><title>${name}</title></path>`;
}

export const round = (value: number): number => Math.round(value * 10) / 10;
