import { predictionWords } from '@asi/contracts';
import { predictionVerdict } from '../../view/prediction-verdict.ts';
import { type Html, html } from '../html.ts';
import type { ReportData } from '../report-data.ts';

/** The best candidate: what it is, what was predicted, what came of it. */
export function bestSection({ best }: ReportData): Html | null {
  const design = best?.record?.design;
  if (!best || !design) return null;
  const { prediction } = design;
  const analysis = best.record?.analysis;
  return html`<h2 id="best">The best candidate</h2>
<p><b>${best.id} ${design.name}</b></p><p>${design.motivation}</p>
${prediction ? html`<p>Predicted before training: ${predictionWords(prediction)}, because ${prediction.mechanism}.${analysis?.predictionHeld ? ` The prediction ${predictionVerdict(prediction, analysis.predictionHeld)}.` : ''}</p>` : null}
${analysis ? html`<p>${analysis.text}</p>` : null}
<p class="faint">Components: ${design.components.join(', ')}. Its program: <code>asi show ${best.id} --code</code>.</p>`;
}
