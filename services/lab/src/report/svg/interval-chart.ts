import { type Html, html } from '../html.ts';
import { round } from './chart.ts';
import { linearScale, tickText } from './scale.ts';

export type Interval = {
  readonly label: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly note: string;
};

const rowHeight = 20;
const labelWidth = 250;
const width = 720;

/** Estimates with their intervals, one a row, around zero. */
export function intervalChart(title: string, x: string, intervals: readonly Interval[]): Html {
  if (intervals.length === 0) return html`<p class="empty">${title}: nothing was estimated yet.</p>`;
  const bottom = intervals.length * rowHeight + 8;
  const scale = linearScale([0, ...intervals.flatMap(({ low, high }) => [low, high])], [labelWidth, width - 60], 6);
  const zero = round(scale.at(0));
  return html`<figure><figcaption>${title}</figcaption><svg viewBox="0 0 ${width} ${bottom + 38}" role="img" aria-label="${title}">
${scale.ticks.map(
  (tick) => html`<line class="grid" x1="${round(scale.at(tick))}" x2="${round(scale.at(tick))}" y1="4" y2="${bottom}"/>
<text class="tick" text-anchor="middle" x="${round(scale.at(tick))}" y="${bottom + 15}">${tickText(tick)}</text>`,
)}
<line class="axis" x1="${zero}" x2="${zero}" y1="4" y2="${bottom}"/>
${intervals.map(({ label, value, low, high, note }, index) => {
  const y = index * rowHeight + 16;
  const color = low > 0 ? 'c2' : high < 0 ? 'c5' : 'c4';
  return html`<text class="name" text-anchor="end" x="${labelWidth - 10}" y="${y + 4}">${label}</text>
<line class="interval ${color}" x1="${round(scale.at(low))}" x2="${round(scale.at(high))}" y1="${y}" y2="${y}"/>
<circle class="point ${color}" cx="${round(scale.at(value))}" cy="${y}" r="4"><title>${label}: ${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}], ${note}</title></circle>
<text class="tick" x="${width - 54}" y="${y + 4}">${note}</text>`;
})}
<text class="label" text-anchor="middle" x="${(labelWidth + width - 60) / 2}" y="${bottom + 33}">${x}</text>
</svg></figure>`;
}
