import type { LeaderboardRow } from '@asi/reading';
import { statusWords } from '../../view/confirmation-text.ts';
import { fixed, signed, thousands } from '../../view/format.ts';
import { noiseText } from '../../view/leaderboard-text.ts';
import { type Html, html } from '../html.ts';
import type { ReportData } from '../report-data.ts';

const words = { better: 'better', worse: 'worse', 'inside-noise': 'inside noise' } as const;
const shownCandidates = 100;

/** Candidates and baselines by fitness, with the noise of each number. */
export function leaderboardSection({ leaderboard }: ReportData): Html {
  const candidates = leaderboard.rows.filter(({ kind }) => kind === 'candidate');
  const last = candidates[shownCandidates - 1]?.rank ?? Number.POSITIVE_INFINITY;
  const rows = leaderboard.rows.filter(({ kind, rank }) => kind === 'baseline' || rank <= last);
  const tasks = Object.keys(leaderboard.rows[0]?.tasks ?? {});
  return html`<h2 id="leaderboard">Leaderboard</h2>
<p>${noiseText(leaderboard)}</p>
<div class="scroll"><table><thead><tr><th class="number">#</th><th>design</th><th class="number">fitness</th><th class="number">merit</th><th>difference to DeltaNet, 95 % interval</th><th></th><th class="number">battery</th><th class="number">LM loss</th>${tasks.map((task) => html`<th class="number">${task}</th>`)}<th class="number">judge</th><th class="number">parameters</th><th class="number">FLOPs/token</th><th class="number">CPU-s</th></tr></thead>
<tbody>${rows.map((row) => line(row, tasks))}</tbody></table></div>
${candidates.length > shownCandidates ? html`<p class="faint">The best ${shownCandidates} of ${candidates.length} candidates.</p>` : null}`;
}

const noisy = (value: number | null, deviation: number | undefined, digits = 3): string =>
  `${fixed(value, digits)}${value === null || deviation === undefined ? '' : ` ±${fixed(deviation, digits)}`}`;

const line = (row: LeaderboardRow, tasks: readonly string[]): Html => html`<tr class="${row.kind}">
<td class="number">${row.rank}</td>
<td>${row.kind === 'candidate' ? html`${row.id} ` : null}${row.name} <span class="tag">${row.kind === 'baseline' ? `baseline, ${row.runs.length} ${row.runs.length === 1 ? 'seed' : 'seeds'}` : statusWords(row)}</span>${row.suspicious ? html` <span class="tag">too good: look again</span>` : null}</td>
<td class="number">${noisy(row.fitness, row.noise?.fitness)}</td>
<td class="number">${noisy(row.merit, row.noise?.merit)}</td>
<td>${row.difference ? `${signed(row.difference.value)} [${signed(row.difference.low)}, ${signed(row.difference.high)}]` : ''}</td>
<td class="${row.difference?.verdict ?? ''}">${row.difference ? words[row.difference.verdict] : ''}</td>
<td class="number">${noisy(row.battery, row.noise?.battery)}</td><td class="number">${noisy(row.languageModelLoss, row.noise?.languageModelLoss)}</td>
${tasks.map((task) => html`<td class="number">${noisy(row.tasks[task]?.value ?? null, row.tasks[task]?.noise ?? undefined, 2)}</td>`)}
<td class="number">${fixed(row.judge, 1)}</td><td class="number">${thousands(row.parameters)}</td><td class="number">${thousands(row.flopsPerToken)}</td><td class="number">${fixed(row.seconds, 1)}</td></tr>`;
