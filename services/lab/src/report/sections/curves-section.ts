import { type Html, html } from '../html.ts';
import type { ReportData } from '../report-data.ts';
import { chart, legendOf } from '../svg/chart.ts';

/** Training losses: the best candidate against one run of each baseline, a figure for each task. */
export function curvesSection({ curves, best }: ReportData): Html {
  const tasks = [...new Set(curves.flatMap((one) => Object.keys(one.curves)))];
  const figures = tasks.map((task) =>
    chart({
      title: task,
      x: 'step',
      countsX: true,
      y: 'training loss, nats',
      width: 420,
      height: 240,
      legend: false,
      series: curves.map(({ name, curves: own }, index) => ({
        name,
        color: index,
        shape: 'line',
        strong: best !== null && index === 0,
        points: (own[task] ?? []).map(([x, y]) => ({ x, y })),
      })),
    }),
  );
  return html`<h2 id="curves">Training losses</h2>
<p>One run each${best ? html`; the thick line is the best candidate, ${best.id}` : null}. These are losses on training data: the numbers of the leaderboard are measured on held-out data.</p>
${figures.length === 0 ? html`<p class="empty">No curve is stored yet.</p>` : html`${legendOf(curves.map(({ name }, color) => ({ name, color })))}<div class="grid2">${figures}</div>`}`;
}
