import { h } from '../../dom/element.mjs';
import { fixed, percent } from '../../format/numbers.mjs';
import { card } from '../../parts/card.mjs';

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
          ),
        ),
      ),
    ),
    h('p', { class: 'prose' }, judgement.reason),
  );
}
