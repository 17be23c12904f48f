import type { LeaderboardRow } from '@asi/reading';
import { statusWords } from '../../view/confirmation-text.ts';
import { flaggedText } from '../../view/flagged-text.ts';
import { counted, fixed, flops, signed, thousands } from '../../view/format.ts';
import { noiseText } from '../../view/leaderboard-text.ts';
import { verdictWords } from '../../view/verdict-words.ts';
import { folded, type Html, html, table } from '../html.ts';
import type { ReportData } from '../report-data.ts';

const shownCandidates = 100;

/** Candidates and baselines by fitness, with the noise of each number; then the tasks of each, in the same order. */
export function leaderboardSection({ leaderboard }: Pick<ReportData, 'leaderboard'>): Html {
  const candidates = leaderboard.rows.filter(({ kind }) => kind === 'candidate');
  const last = candidates[shownCandidates - 1]?.rank ?? Number.POSITIVE_INFINITY;
  const rows = leaderboard.rows.filter(({ kind, rank }) => kind === 'baseline' || rank <= last);
  const flagged = flaggedText(rows);
  const tasks = Object.entries(leaderboard.rows[0]?.tasks ?? {});
  return html`<h2 id="leaderboard">Leaderboard</h2>
<p>${noiseText(leaderboard)}</p>
${table(
  [
    '##',
    'design',
    '#fitness',
    '#merit',
    'merit to DeltaNet, 95 % interval',
    '#battery',
    '#LM loss',
    '#judge',
    '#parameters',
    '#FLOPs per token',
    '#CPU\u2011s',
  ],
  rows.map(scores),
  rows.map(({ kind }) => kind),
)}
${candidates.length > shownCandidates ? html`<p class="faint">The best ${shownCandidates} of ${candidates.length} candidates.</p>` : null}
${flagged === '' ? null : html`<p>${flagged}</p>`}
<h3>By task</h3>
${table(
  ['##', 'design', ...tasks.map(([task, { metric }]) => `#${task}, ${metric}`)],
  rows.map((row) => [
    String(row.rank),
    design(row),
    ...tasks.map(([task]) => noisy(row.tasks[task]?.value ?? null, row.tasks[task]?.noise ?? undefined, 2)),
  ]),
  rows.map(({ kind }) => kind),
)}`;
}

const noisy = (value: number | null, deviation: number | undefined, digits = 3): Html =>
  html`${fixed(value, digits)}${value === null || deviation === undefined ? null : html` <small>±${fixed(deviation, digits)}</small>`}`;

const scores = (row: LeaderboardRow): Array<Html | string> => [
  String(row.rank),
  html`${design(row)}<br>${marks(row)}${row.arm === null ? null : html` <span class="tag">${row.arm}</span>`}`,
  noisy(row.fitness, row.noise?.fitness),
  noisy(row.merit, row.noise?.merit),
  difference(row),
  noisy(row.battery, row.noise?.battery),
  noisy(row.languageModelLoss, row.noise?.languageModelLoss),
  fixed(row.judge, 1),
  thousands(row.parameters),
  flops(row.flopsPerToken),
  fixed(row.seconds, 1),
];

const design = ({ kind, id, name }: LeaderboardRow): Html =>
  html`${kind === 'candidate' ? html`${id} ` : null}${folded(name)}`;

const marks = (row: LeaderboardRow): Html =>
  html`<span class="tag">${row.kind === 'baseline' ? `baseline, ${counted(row.runs.length, 'seed')}` : statusWords(row)}</span>${row.suspicious ? html` <span class="tag">too good: look again</span>` : null}`;

function difference({ difference: one }: LeaderboardRow): Html {
  if (!one) return html``;
  return html`${signed(one.value)} [${signed(one.low)}, ${signed(one.high)}]<br><span class="${one.verdict}">${verdictWords(one)}</span>`;
}
