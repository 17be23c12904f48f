import { h } from '../../dom/element.mjs';
import { percent, signed } from '../../format/numbers.mjs';
import { card } from '../../parts/card.mjs';
import { chip } from '../../parts/chips.mjs';
import { citations } from '../../parts/citations.mjs';
import { experimentLink } from '../../parts/experiment-link.mjs';
import { remarks } from '../../parts/remarks.mjs';

/** @param {import('@asi/reading').ExperimentView} experiment */
export function analysisCard({ record, insight }) {
  const analysis = record?.analysis;
  if (!analysis) return null;
  return card(
    { title: 'Analysis', span: 7, note: analysis.author },
    analysis.text.split('\n').map((paragraph) => h('p', { class: 'prose' }, paragraph)),
    analysis.comparisons.length === 0
      ? null
      : h(
          'div',
          { class: 'table-scroll' },
          h(
            'table',
            { 'aria-label': 'Comparisons' },
            h(
              'thead',
              {},
              h(
                'tr',
                {},
                ['Compared with', '', 'Merit', '', 'Changed'].map((label) =>
                  h('th', { scope: 'col', class: label === 'Merit' ? 'number' : null }, label),
                ),
              ),
            ),
            h(
              'tbody',
              {},
              analysis.comparisons.map((one) =>
                h(
                  'tr',
                  { 'data-key': `${one.relation}.${one.experimentId}` },
                  h('td', { class: 'soft' }, one.relation),
                  // Of a baseline it is the model, all its runs together, and no experiment.
                  h(
                    'td',
                    { class: 'name' },
                    one.relation === 'baseline' ? one.name : experimentLink(one.experimentId, one.name),
                  ),
                  h('td', { class: 'number' }, signed(one.meritDifference)),
                  h(
                    'td',
                    {},
                    one.beyondNoise
                      ? chip('beyond noise', one.meritDifference > 0 ? 'good' : 'bad')
                      : chip('inside noise'),
                  ),
                  h(
                    'td',
                    { class: 'wrap' },
                    h(
                      'span',
                      { class: 'labels' },
                      one.changedComponents.map((component) => h('span', { class: 'label' }, component)),
                    ),
                  ),
                ),
              ),
            ),
          ),
        ),
    insight
      ? h(
          'p',
          { class: 'prose' },
          h('b', {}, 'Insight for later designs: '),
          insight.text,
          h('span', { class: 'faint' }, ` confidence ${percent(insight.confidence)}`),
        )
      : null,
    citations(analysis.citations),
    remarks(analysis.remarks),
  );
}
