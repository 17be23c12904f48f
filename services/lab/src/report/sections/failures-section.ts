import { counted } from '../../view/format.ts';
import { folded, type Html, html, table } from '../html.ts';
import type { ReportData } from '../report-data.ts';

/** What gave no result, with the reasons. */
export function failuresSection({ failures, progress }: ReportData): Html {
  const counts = new Map<string, number>();
  for (const { code } of failures) counts.set(code, (counts.get(code) ?? 0) + 1);
  const summary = [...counts].sort((a, b) => b[1] - a[1]).map(([code, count]) => `${count} ${code}`);
  const { completed, rejected, failed, cancelled } = progress.candidates;
  const others = failures.some(({ kind }) => kind !== 'candidate') ? ' (of baselines and confirming runs, too)' : '';
  return html`<h2 id="failures">What gave no result</h2>
<p>${counted(completed, 'candidate')} completed; ${rejected} rejected as twins or by a gate, ${failed} failed, ${cancelled} cancelled.${summary.length > 0 ? ` Reasons${others}: ${summary.join(', ')}.` : ''}</p>
${
  failures.length === 0
    ? null
    : table(
        ['experiment', 'outcome', 'reason', 'what happened'],
        failures.map((one) => [
          html`${one.id} ${folded(one.name)}`,
          one.outcome,
          one.code,
          html`<span class="wrap">${one.message}</span>`,
        ]),
      )
}`;
}
