import { counted } from '../../view/format.ts';
import { type Html, html } from '../html.ts';
import type { ReportData } from '../report-data.ts';
import { intervalChart } from '../svg/interval-chart.ts';

const shownAtEachEnd = 15;

/** How many of so many 95 % intervals exclude zero although nothing has an effect, to one digit behind the point. */
const expectedByChance = (intervals: number): string => String(Number((0.05 * intervals).toFixed(1)));

/** What each component contributed to merit, with intervals. */
export function contributionsSection({ contributions }: Pick<ReportData, 'contributions'>): Html {
  const { effects, measured, others } = contributions;
  const shown = effects.filter((_, index) => index < shownAtEachEnd || index >= effects.length - shownAtEachEnd);
  const clear = effects.filter(({ verdict }) => verdict !== 'inside-noise').length;
  return html`<h2 id="components">What each component contributed</h2>
${effects.length === 0 ? null : html`<p>Posterior mean and 95 % interval of the difference in merit that a component makes, estimated from ${counted(measured, 'measured candidate')} of this campaign and ${counted(others, 'measurement')} beside (runs of the baselines, candidates of earlier campaigns). Where designs learn from insights, each was steered by the same estimate from the results that it could know. Of ${counted(effects.length, 'interval')} ${clear} ${clear === 1 ? 'excludes' : 'exclude'} zero${clear === 0 ? ': nothing is established yet' : ''}; by chance alone ${expectedByChance(effects.length)} would be expected to.</p>`}
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
