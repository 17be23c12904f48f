import { h } from '../../dom/element.mjs';
import { fixed, signed } from '../../format/numbers.mjs';
import { card } from '../../parts/card.mjs';
import { experimentLink } from '../../parts/experiment-link.mjs';
import { linkTo } from '../../route.mjs';

/** @typedef {import('@asi/reading').ArmView} ArmView */

/**
 * How far each arm is, what it found and how far it is above the control; nothing where the campaign is not split.
 * @param {import('@asi/reading').ArmComparison | null} comparison
 * @param {string | null} campaign
 */
export function armsStandingCard(comparison, campaign) {
  if (!comparison) return null;
  const { arms, control } = comparison;
  return card(
    { title: 'Arms', note: h('a', { href: linkTo('leaderboard', null, { campaign }) }, 'compared on the leaderboard') },
    h(
      'div',
      { class: 'table-scroll' },
      h(
        'table',
        { 'aria-label': 'Standing of the arms' },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            titles.map((title) => h('th', { scope: 'col' }, title)),
          ),
        ),
        h(
          'tbody',
          {},
          arms.map((arm) => row(arm, control)),
        ),
      ),
    ),
  );
}

const titles = ['Arm', 'Ended', 'Best merit', 'Lift of the mean, 95 %', 'Lift of the best, 95 %'];

/**
 * @param {ArmView} arm
 * @param {string} control
 */
const row = ({ name, settled, candidates, best, meanLift, bestLift }, control) =>
  h(
    'tr',
    { 'data-key': name },
    h('td', {}, name),
    h(
      'td',
      { 'data-column': 'ended', title: 'of the candidates that were sampled for it so far' },
      `${settled} of ${candidates}`,
    ),
    h(
      'td',
      { class: 'name', 'data-column': 'best' },
      best ? [`${fixed(best.merit)} `, experimentLink(best.id, best.name)] : 'none yet',
    ),
    ...(name === control
      ? [h('td', { class: 'soft', colspan: 2 }, 'the control')]
      : [lift('meanLift', meanLift), lift('bestLift', bestLift)]),
  );

/**
 * @param {string} column
 * @param {ArmView['meanLift']} value
 */
const lift = (column, value) =>
  value === null
    ? h('td', { class: 'soft', 'data-column': column }, 'not known: under 8 measured')
    : h(
        'td',
        {
          class: value.verdict === 'better' ? 'good' : value.verdict === 'worse' ? 'bad' : null,
          'data-column': column,
        },
        `${signed(value.value)} [${signed(value.low)}, ${signed(value.high)}]`,
      );
