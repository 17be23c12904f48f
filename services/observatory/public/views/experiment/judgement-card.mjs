import { h } from '../../dom/element.mjs';
import { fixed, percent } from '../../format/numbers.mjs';
import { card } from '../../parts/card.mjs';
import { remarks } from '../../parts/remarks.mjs';

/** @param {import('@asi/contracts').Judgement | null} judgement */
export function judgementCard(judgement) {
  if (!judgement) return null;
  return card(
    { title: 'Judgement', span: 5, note: `${fixed(judgement.total, 1)} of 10 · ${judgement.author}` },
    h(
      'table',
      { 'aria-label': 'Criteria' },
      h(
        'tbody',
        {},
        Object.entries(judgement.criteria).map(([criterion, score]) =>
          h(
            'tr',
            { 'data-key': criterion },
            h('td', {}, criterion),
            h('td', { class: 'faint number' }, `weight ${percent(judgement.weights[criterion])}`),
            h(
              'td',
              {},
              h('progress', { max: 10, value: score, 'aria-label': `${criterion}: ${fixed(score, 1)} of 10` }),
            ),
            h('td', { class: 'number' }, fixed(score, 1)),
            judgement.spread
              ? h(
                  'td',
                  { class: 'faint number', title: scoresOf(judgement, criterion) },
                  spreadOf(judgement, criterion),
                )
              : null,
          ),
        ),
      ),
    ),
    judgement.repeats && judgement.spread
      ? h(
          'p',
          { class: 'faint' },
          `Asked ${judgement.repeats.length} times; ↕ is the largest less the smallest score, of the totals ${fixed(judgement.spread.total, 1)}.`,
        )
      : null,
    h('p', { class: 'prose' }, judgement.reason),
    remarks(judgement.remarks),
  );
}

/**
 * @param {import('@asi/contracts').Judgement} judgement
 * @param {string} criterion
 */
const spreadOf = ({ spread }, criterion) =>
  spread?.[criterion] === undefined ? 'measured' : `↕ ${fixed(spread[criterion], 0)}`;

/**
 * @param {import('@asi/contracts').Judgement} judgement
 * @param {string} criterion
 */
const scoresOf = ({ repeats }, criterion) =>
  repeats?.flatMap((one) => (one[criterion] === undefined ? [] : [fixed(one[criterion], 0)])).join(', ') || null;
