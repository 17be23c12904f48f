import { h } from '../../dom/element.mjs';
import { counted, percent, signed } from '../../format/numbers.mjs';
import { card } from '../../parts/card.mjs';
import { chip } from '../../parts/chips.mjs';
import { citations } from '../../parts/citations.mjs';
import { experimentLink } from '../../parts/experiment-link.mjs';

/**
 * What was meant and predicted before the result was known.
 * @param {import('@asi/reading').ExperimentView} experiment
 */
export function ideaCard({ record, design }) {
  if (!design) return null;
  return card(
    { title: 'Idea', span: 6, note: design.author },
    h('p', { class: 'prose', 'data-field': 'motivation' }, design.motivation),
    h('h3', {}, 'Prediction, made before the result'),
    design.prediction ? predictionText(design.prediction, record) : h('p', { class: 'soft' }, 'None was made.'),
    h('h3', {}, 'Components'),
    h(
      'p',
      { class: 'labels' },
      design.components.map((one) => h('span', { class: 'label' }, one)),
    ),
    citations(design.citations),
    record && record.referenceIds.length > 0
      ? h(
          'p',
          { class: 'soft' },
          'Shown to the designer: ',
          record.referenceIds.flatMap((id, index) => [index > 0 ? ', ' : '', experimentLink(id)]),
        )
      : null,
    h(
      'p',
      { class: 'faint' },
      `Before this one: ${counted(design.twinsAvoided, 'twin')} avoided, ${counted(design.certificateFailures, 'draft')} without a certificate.`,
    ),
  );
}

/**
 * @param {import('@asi/contracts').Prediction} prediction
 * @param {import('@asi/contracts').ExperimentRecord | null} record
 */
function predictionText(prediction, record) {
  const held = record?.analysis?.predictionHeld ?? null;
  const measured = record?.analysis?.comparisons.find((one) => one.relation === 'parent');
  const size = prediction.direction === 'worse' ? -Math.abs(prediction.size) : prediction.size;
  return h(
    'div',
    {},
    h(
      'p',
      { 'data-field': 'prediction' },
      h(
        'b',
        {},
        prediction.direction === 'same' ? 'the same merit as its parent' : `${prediction.direction} than its parent`,
      ),
      prediction.direction === 'same' ? '' : `, merit ${signed(size)}`,
      `, confidence ${percent(prediction.confidence)}. `,
      measured
        ? `Measured: ${signed(measured.meritDifference)}${measured.beyondNoise ? '' : ', inside the noise'}. `
        : '',
      held === null ? '' : chip(held),
    ),
    h('p', { class: 'prose soft' }, prediction.mechanism),
  );
}
