import { type Html, html } from '../html.ts';
import type { ReportData } from '../report-data.ts';
import { intervalChart } from '../svg/interval-chart.ts';

const shownAtEachEnd = 15;

/** What each component contributed to merit, with intervals. */
export function contributionsSection({ contributions }: ReportData): Html {
  const { effects, insightId } = contributions;
  const shown = effects.filter((_, index) => index < shownAtEachEnd || index >= effects.length - shownAtEachEnd);
  const clear = effects.filter(({ verdict }) => verdict !== 'inside-noise').length;
  return html`<h2 id="components">What each component contributed</h2>
${insightId === null ? null : html`<p>Posterior mean and 95 % interval of the difference in merit that a component makes, from all experiments known to the newest analysis (${insightId}). Of ${effects.length} components ${clear} have an interval that excludes zero${clear === 0 ? ': nothing is established yet' : ''}. With this many intervals about ${Math.max(1, Math.round(effects.length * 0.05))} would exclude zero by chance alone.</p>`}
${shown.length < effects.length ? html`<p class="faint">The ${shownAtEachEnd} largest and the ${shownAtEachEnd} smallest effects.</p>` : null}
${intervalChart(
  'Effect on merit',
  'difference in merit',
  shown.map((one) => ({
    label: one.component,
    value: one.effect,
    low: one.low,
    high: one.high,
    note: `n = ${one.experiments}`,
  })),
)}`;
}
