import { canonicalJson } from '@asi/contracts';
import { moneyOf } from '../../view/cost-text.ts';
import { counted, duration, fixed, thousands } from '../../view/format.ts';
import { noiseText } from '../../view/leaderboard-text.ts';
import { campaignSpentText } from '../../view/spent-text.ts';
import { type Html, html, table } from '../html.ts';
import type { ReportData } from '../report-data.ts';

/** What runs beside the trainings and stands in no record with its cost. */
const notCounted = (draws: number): string =>
  `Not counted are the certificates of draws that were thrown away as twins or illegal, also for designs that were given up (${draws} on record), of the baselines from which designs are told, of programs that the engineer discarded and of those that its first revision replaced; nor are probes of programs.`;

function languageModels({ total, roles }: ReportData['calls']): string {
  if (total.calls === 0) return 'Nothing was spent on language models.';
  const by = roles.map(({ role, sum }) => `${role} ${moneyOf(sum)}`).join(', ');
  const unknown =
    total.withoutDollars > 0 ? `; what ${counted(total.withoutDollars, 'call')} cost in dollars is not known` : '';
  return `Language models: ${counted(total.calls, 'call')}, ${thousands(total.input)} tokens in and ${thousands(total.output)} out, ${moneyOf(total)} by the price table of the campaign (${by})${unknown}.`;
}

/** How the noise was measured, what it cost, what was set, and what these numbers cannot tell. */
export function methodSection({ campaign, leaderboard, costs, calls, progress }: ReportData): Html {
  const cost = (name: string, sum: typeof costs.total) => [
    name,
    sum.underWay > 0 ? `${sum.experiments} + ${sum.underWay} under way` : String(sum.experiments),
    String(sum.measured),
    `${sum.atMost ? '≤ ' : ''}${fixed(sum.spentSeconds, 0)}`,
    fixed(sum.cpuSeconds, 0),
    fixed(sum.workSeconds, 0),
    fixed(sum.startUpSeconds, 0),
    `${sum.unmeasured.trainings}: ${sum.unmeasured.atMost ? '≤ ' : ''}${fixed(sum.unmeasured.seconds, 0)} s`,
    `${sum.certificates.certificates}: ${fixed(sum.certificates.cpuSeconds, 0)} CPU-s`,
  ];
  return html`<h2 id="noise">How the noise was measured</h2>
<p>${noiseText(leaderboard)}</p>
<p>The interval of a difference is Student's t${leaderboard.noise ? ` (${counted(leaderboard.noise.degreesOfFreedom, 'degree')} of freedom)` : null} times the noise of both means. Candidates run with one seed until they are sent to confirmation; the baselines' mean over their seeds is less noisy than any candidate. The noise is taken as equal for all designs, which was not tested.</p>
<h2 id="cost">Cost</h2>
<p>Spent so far: ${campaignSpentText(costs.total)}.</p>
${table(['', '#experiments', '#measured', '#spent, s', '#CPU-seconds', '#working, s', '#start-up, s', '#trainings without a result', '#certificates'], [cost('baselines', costs.baselines), cost('candidates', costs.candidates), cost('confirmations', costs.confirmations), cost('in all', costs.total)])}
<p>${costs.spentSecondsPerCompletedCandidate === null ? 'No candidate is completed yet.' : `${costs.total.atMost ? 'At most ' : ''}${fixed(costs.spentSecondsPerCompletedCandidate, 0)} s spent for each completed candidate, everything of the table included.`} The campaign took ${duration(progress.elapsedSeconds)}. What is spent are the CPU-seconds of trainings with a result and of certificates and, of trainings without a result (failed, cancelled, lost), the seconds that they ran, because their CPU-seconds are not recorded${costs.total.atMost ? ' (at most: of some nobody recorded when they ended)' : ''}; working and start-up are seconds of the clock. ${notCounted(costs.total.certificates.drawsNotCounted)} What the laboratory's own processes take is not counted either. ${languageModels(calls)}</p>
<h2 id="limits">What these numbers cannot tell</h2>
<ul>
<li>The tier is <code>${campaign.settings.tier}</code>, the suite <code>${campaign.settings.suite}</code>: models of one or two layers on generated tasks and a generated text. They tell mechanisms apart (recall, state tracking, overwriting); they do not tell which design is best at 20M or 340M parameters.</li>
<li>A candidate that is called provisional had one run, and the best one was chosen because it looked best: its true merit is probably lower than shown. Only what is called confirmed was repeated with fresh seeds and found better.</li>
<li>"Better than DeltaNet" is said of each row alone; with many rows some are called better by chance.</li>
<li>Fitness holds the opinion of an offline judge (a stated rubric); merit is what was measured. Scores compare only under the same yardstick: <code>${campaign.yardstick}</code>.</li>
<li>Components are estimated from designs that were chosen because they did well, not from a randomised trial: effects are hints for the next design.</li>
</ul>
<h2 id="settings">Settings</h2>
<details><summary>All settings, defaults included</summary><pre>${JSON.stringify(JSON.parse(canonicalJson(campaign.settings)), null, 2)}</pre></details>`;
}
