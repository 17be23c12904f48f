import { fixed, signed } from '../../view/format.ts';
import { type Html, html, table } from '../html.ts';
import type { ReportData } from '../report-data.ts';

/** What fresh seeds said of the candidates that were sent to confirmation, or why none was. */
export function confirmationSection({ confirmations, progress }: ReportData): Html | null {
  if (confirmations.length === 0) {
    const { note } = progress.confirmations;
    return note === '' ? null : html`<h2 id="confirmation">Confirmation with fresh seeds</h2><p>${note}.</p>`;
  }
  const rows = confirmations.flatMap((one) => {
    const status = one.status === 'under-way' ? 'under way' : one.status.replace('-', ' ');
    const first = [String(one.order), one.candidateId, `${status}: ${one.why}`];
    if (one.differences.length === 0) return [[...first, '', String(one.pairs), '', '']];
    return one.differences.map(({ relation, name, pairs, effect, low, high, shrunk }, index) => [
      ...(index === 0 ? first : ['', '', '']),
      relation === 'parent' ? `its parent ${name}` : name,
      String(pairs),
      `${signed(effect)} [${signed(low)}, ${signed(high)}]`,
      shrunk ? `${signed(shrunk.effect)} ±${fixed(shrunk.deviation)}` : '',
    ]);
  });
  return html`<h2 id="confirmation">Confirmation with fresh seeds</h2>
<p>The candidate, DeltaNet and its parent were trained again with the same seeds and data order, which no run that was chosen had used. The interval holds at every look and for all confirmations of the laboratory at once, each end with 95 %; the shrunk effect takes out what being chosen added; a campaign of fewer than four candidates has none.</p>
${table(['#order', 'candidate', 'status', 'compared with', '#pairs', 'difference of merit', 'with the provisional run, shrunk for selection'], rows)}`;
}
