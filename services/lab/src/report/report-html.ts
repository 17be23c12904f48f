import { duration, fixed, signed } from '../view/format.ts';
import { type Html, html } from './html.ts';
import type { ReportData } from './report-data.ts';
import { armsSection } from './sections/arms-section.ts';
import { bestSection } from './sections/best-section.ts';
import { confirmationSection } from './sections/confirmation-section.ts';
import { contributionsSection } from './sections/contributions-section.ts';
import { curvesSection } from './sections/curves-section.ts';
import { failuresSection } from './sections/failures-section.ts';
import { historySection } from './sections/history-section.ts';
import { leaderboardSection } from './sections/leaderboard-section.ts';
import { methodSection } from './sections/method-section.ts';
import { treeSection } from './sections/tree-section.ts';
import { reportStyle } from './style.ts';

const chapters = [
  ['leaderboard', 'leaderboard'],
  ['arms', 'arms'],
  ['best', 'best candidate'],
  ['history', 'fitness over time'],
  ['curves', 'training losses'],
  ['components', 'components'],
  ['tree', 'tree'],
  ['failures', 'failures'],
  ['noise', 'noise'],
  ['cost', 'cost'],
  ['limits', 'limits'],
  ['settings', 'settings'],
] as const;

/** The report as one page that needs nothing else: no script, no request, light and dark. */
export function reportHtml(data: ReportData): string {
  const { campaign } = data;
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Campaign ${campaign.id} ${campaign.title}</title><style>${{ markup: reportStyle }}</style></head><body><main>
<h1>Campaign ${campaign.id} <span class="faint">${campaign.title}</span></h1>
<p class="faint">${campaign.state}${campaign.note ? `: ${campaign.note}` : ''}; started ${minuteOf(campaign.startedAt)}, policy ${campaign.settings.policy}, suite ${campaign.settings.suite}, seed ${campaign.settings.seed}; report of ${minuteOf(data.writtenAt)}</p>
${cards(data)}
<nav>${chapters.filter(([id]) => id !== 'arms' || data.arms).map(([id, name]) => html`<a href="#${id}">${name}</a>`)}</nav>
${leaderboardSection(data)}${confirmationSection(data)}${armsSection(data)}${bestSection(data)}${historySection(data)}${curvesSection(data)}${contributionsSection(data)}${treeSection(data)}${failuresSection(data)}${methodSection(data)}
</main></body></html>
`;
  return page.markup;
}

/** 2026-01-15 09:00 UTC: whoever reads a report reads it elsewhere and later. */
const minuteOf = (at: string): string => `${at.slice(0, 16).replace('T', ' ')} UTC`;

function cards({ leaderboard, progress, costs }: ReportData): Html {
  const best = leaderboard.rows.find(({ kind, fitness }) => kind === 'candidate' && fitness !== null);
  const card = (value: string, words: string) => html`<div class="card"><b>${value}</b><span>${words}</span></div>`;
  const { completed, wanted } = progress.candidates;
  return html`<div class="cards">
${card(`${completed} of ${wanted}`, 'candidates completed')}
${best ? card(fixed(best.fitness), `best fitness: ${best.id} ${best.name}`) : card('-', 'no candidate is completed yet')}
${best?.difference ? card(signed(best.difference.value), `its merit to DeltaNet, 95 % interval ${signed(best.difference.low)} to ${signed(best.difference.high)}: ${best.difference.verdict.replace('-', ' ')}`) : null}
${leaderboard.noise ? card(`±${fixed(leaderboard.noise.merit)}`, 'noise of one merit (standard deviation between seeds)') : card('-', 'the noise is not known yet')}
${card(duration(progress.elapsedSeconds), `${fixed(costs.total.cpuSeconds, 0)} CPU-seconds of training`)}
</div>`;
}
