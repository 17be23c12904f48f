import type { ArmView } from '@asi/reading';
import { cpuSecondsNote, cpuSecondsText, dollarsText, percentText } from '../../view/arms-text.ts';
import { fixed, signed, thousands } from '../../view/format.ts';
import { type Html, html, table } from '../html.ts';
import type { ReportData } from '../report-data.ts';
import { chart } from '../svg/chart.ts';
import { type Interval, intervalChart } from '../svg/interval-chart.ts';

/** How the arms compare: what each came to, its best so far, and its lift over the control. Null when the campaign is not split. */
export function armsSection({ arms: comparison }: Pick<ReportData, 'arms'>): Html | null {
  if (!comparison) return null;
  const { arms, control } = comparison;
  const others = arms.filter(({ name }) => name !== control);
  const unknown = others.filter(({ meanLift, bestLift }) => !meanLift || !bestLift);
  return html`<h2 id="arms">Arms</h2>
<p>The candidates of this campaign are split between arms that know nothing of each other. They are compared on merit, which is measured, and not on fitness, which holds the judge's opinion. The control is <b>${control}</b>.</p>
${table(
  [
    'arm',
    'minds, policy',
    '#designs',
    '#measured',
    '#without a result',
    'reasons',
    '#mean merit, 95 % interval',
    'best',
    '#merit of the best',
    '#expected of it',
    '#tokens',
    '#dollars',
    '#CPU\u2011s',
  ],
  arms.map(cells),
)}
<p class="faint">The merit of the best is of one run, ± its standard deviation between seeds, and too high on average because it was chosen among many; what is expected of it is shrunk towards the mean of its arm, and not known with fewer than four measured candidates. ${cpuSecondsNote(arms)}</p>
${chart({
  title: 'Best merit so far of each arm',
  x: 'settled candidates of the arm, in the order of sampling',
  countsX: true,
  y: 'merit',
  series: arms.flatMap(({ name, curve }, color) => [
    {
      name,
      color,
      shape: 'step' as const,
      strong: true,
      points: curve.flatMap(({ place, best }) => (best === null ? [] : [{ x: place, y: best }])),
    },
  ]),
})}
${intervalChart(`Lift over ${control}, 95 % intervals`, 'merit', others.flatMap(lifts))}
${unknown.map(({ name }) => html`<p>The lift of ${name} over ${control} is not known: it takes eight measured candidates of each.</p>`)}
<p class="faint">The mean is of the candidates that were measured; those without a result are not in it. The best are compared among the first candidates of each arm, as many as both have settled; one without a result takes a place. The intervals hold the shifts of merit that a permutation test over blocks of consecutive candidates does not refuse. They are of one search of each arm; a campaign with another seed is another search.</p>`;
}

const cells = (arm: ArmView): Array<Html | string> => {
  const { researcher, engineer, analyst, judge } = arm.minds;
  return [
    arm.name,
    html`<span class="wrap">researcher ${researcher}, engineer ${engineer}, analyst ${analyst}, judge ${judge}; ${arm.policy}, insights ${arm.learnFromInsights}</span>`,
    String(arm.candidates),
    String(arm.measured),
    percentText(arm.failedShare),
    arm.failures.length === 0
      ? '-'
      : html`<span class="wrap">${arm.failures.map(({ code, count }) => `${count} ${code}`).join(', ')}</span>`,
    arm.mean ? `${fixed(arm.mean.value)} [${fixed(arm.mean.low)}, ${fixed(arm.mean.high)}]` : 'not known',
    arm.best ? html`${arm.best.id}<br>${arm.best.name}` : '-',
    arm.best ? `${fixed(arm.best.merit)} ± ${fixed(arm.best.noise)}` : '-',
    arm.best ? expectedText(arm.best) : '-',
    thousands(arm.tokens),
    dollarsText(arm),
    cpuSecondsText(arm),
  ];
};

const expectedText = ({ expected, deviation }: NonNullable<ArmView['best']>): string =>
  expected === null ? 'not known' : `${fixed(expected)} ± ${fixed(deviation)}`;

const lifts = ({ name, meanLift, bestLift }: ArmView): Interval[] => [
  ...(meanLift ? [interval(`${name}: mean merit`, meanLift)] : []),
  ...(bestLift ? [interval(`${name}: best of ${bestLift.candidates}`, bestLift)] : []),
];

const interval = (label: string, { value, low, high }: NonNullable<ArmView['meanLift']>): Interval => ({
  label,
  value,
  low,
  high,
  note: signed(value),
});
