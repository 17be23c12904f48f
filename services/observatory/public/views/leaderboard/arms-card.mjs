import { intervalPlot } from '../../charts/interval-plot.mjs';
import { lineChart } from '../../charts/line-chart.mjs';
import { h } from '../../dom/element.mjs';
import { compact, fixed, missing, percent, signed, toNumber } from '../../format/numbers.mjs';
import { card } from '../../parts/card.mjs';
import { experimentLink } from '../../parts/experiment-link.mjs';

/**
 * @typedef {import('@asi/reading').ArmView} ArmView
 * @typedef {NonNullable<ArmView['meanLift']>} Lift
 */

/**
 * How the arms of the campaign compare; nothing where it is not split.
 * @param {import('@asi/reading').ArmComparison | null} comparison
 */
export function armsCard(comparison) {
  if (!comparison) return null;
  const { arms, control } = comparison;
  const others = arms.filter(({ name }) => name !== control);
  return card(
    { title: 'Arms', note: `on merit, without the judge · the control is ${control}` },
    h(
      'div',
      { class: 'table-scroll' },
      h(
        'table',
        { 'aria-label': 'Arms of the campaign' },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            titles.map((title) => h('th', { scope: 'col' }, title)),
          ),
        ),
        h('tbody', {}, arms.map(row)),
      ),
    ),
    h(
      'p',
      { class: 'soft' },
      'Lift of each arm over the control, 95 % intervals of one search of each; candidates without a result are not in the means, and take a place in the best.',
    ),
    arms.some(({ spentAtLeast }) => spentAtLeast)
      ? h(
          'p',
          { class: 'soft' },
          '≥ before CPU-seconds: certificates of draws that were thrown away are on no record, nor what probes of an engineer took and certificates of programs that it discarded or replaced.',
        )
      : null,
    intervalPlot({
      key: 'arms',
      label: `Lift over ${control}`,
      zero: 0,
      rows: others.flatMap(({ name, meanLift, bestLift }) => [
        interval(`${name}: mean merit`, meanLift),
        interval(`${name}: best${bestLift ? ` of ${bestLift.candidates}` : ''}`, bestLift),
      ]),
    }),
    lineChart({
      key: 'arms-curve',
      title: 'Best merit so far',
      xLabel: 'settled candidates of the arm',
      countsX: true,
      yLabel: 'merit',
      width: 640,
      height: 220,
      possible: [0, 1],
      series: arms.map(({ name, curve }, index) => ({
        name,
        step: true,
        tone: `tone-${index % 6}`,
        points: curve.map(({ place, best }) => [place, toNumber(best) ?? Number.NaN]),
      })),
    }),
  );
}

const titles = [
  'Arm',
  'Researcher',
  'Designs',
  'Measured',
  'Failed',
  'Mean merit',
  'Best',
  'Tokens',
  'Dollars',
  'CPU-s',
];

/** @param {ArmView} arm */
const row = (arm) =>
  h(
    'tr',
    { 'data-key': arm.name },
    h('td', {}, arm.name),
    h('td', {}, arm.minds.researcher),
    number(String(arm.candidates)),
    number(String(arm.measured)),
    h(
      'td',
      { class: 'number', title: arm.failures.map(({ code, count }) => `${count} ${code}`).join(', ') },
      arm.failedShare === null ? missing : percent(arm.failedShare),
    ),
    number(arm.mean ? `${fixed(arm.mean.value)} [${fixed(arm.mean.low)}, ${fixed(arm.mean.high)}]` : 'not known'),
    h(
      'td',
      { class: 'name' },
      arm.best
        ? [experimentLink(arm.best.id, arm.best.name), ` ${fixed(arm.best.merit)} ±${fixed(arm.best.noise)}`]
        : missing,
    ),
    number(compact(arm.tokens)),
    number(`${arm.dollarsAtLeast ? '≥ ' : ''}${fixed(arm.dollars, 2)}`),
    number(`${arm.spentAtLeast ? '≥ ' : ''}${fixed(arm.spentSeconds, 0)}`),
  );

/** @param {string} text */
const number = (text) => h('td', { class: 'number' }, text);

/**
 * @param {string} name
 * @param {Lift | null} lift
 */
const interval = (name, lift) =>
  lift === null
    ? { name, value: Number.NaN, low: Number.NaN, high: Number.NaN, text: 'not known: under 8 measured' }
    : {
        name,
        ...lift,
        text: `${signed(lift.value)} [${signed(lift.low)}, ${signed(lift.high)}]`,
        tone: lift.verdict === 'better' ? 'good' : lift.verdict === 'worse' ? 'bad' : '',
      };
