import { h } from '../../dom/element.mjs';
import { fixed } from '../../format/numbers.mjs';
import { bounded, clockTime, duration } from '../../format/time.mjs';
import { card, facts } from '../../parts/card.mjs';
import { chip } from '../../parts/chips.mjs';

/** @typedef {import('@asi/reading').TrainingJob} TrainingJob */

/** @type {Record<TrainingJob['end'], readonly [words: string, tone: string]>} */
const ends = {
  measured: ['measured', 'good'],
  'without-result': ['without result', 'warn'],
  'under-way': ['not ended', 'active'],
};

/**
 * What the experiment took: every training that was started for it, lost ones included, and its certificate.
 * @param {import('@asi/reading').Spent} spent
 */
export function spentCard({ seconds, atMost, trainings, certificateCpuSeconds }) {
  if (trainings.length === 0 && certificateCpuSeconds === null) return null;
  const lost = trainings.filter(({ end }) => end === 'without-result').length;
  return card(
    { title: 'Cost' },
    facts([
      ['Spent', bounded(atMost, duration(seconds))],
      ['Trainings started', String(trainings.length), lost ? `${lost} without a result` : ''],
      certificateCpuSeconds === null
        ? ['Certificate', 'none']
        : ['Certificate', `${fixed(certificateCpuSeconds, 1)} s`, 'of CPU'],
    ]),
    trainings.length === 0
      ? null
      : h(
          'div',
          { class: 'table-scroll below' },
          h(
            'table',
            { 'aria-label': 'Trainings' },
            h(
              'thead',
              {},
              h(
                'tr',
                {},
                ['Attempt', 'Started', 'End', 'Reason', 'Ran, s', 'CPU-seconds'].map((label) =>
                  h('th', { scope: 'col', class: /Ran|CPU/.test(label) ? 'number' : null }, label),
                ),
              ),
            ),
            h('tbody', {}, trainings.map(row)),
          ),
        ),
  );
}

/** @param {TrainingJob} job */
const row = ({ attempt, startedAt, end, code, seconds, cpuSeconds, atMost }) =>
  h(
    'tr',
    { 'data-key': attempt },
    h('td', {}, String(attempt)),
    h('td', {}, clockTime(startedAt)),
    h('td', {}, chip(...ends[end])),
    h('td', {}, end === 'without-result' ? (code ?? 'nobody reported its end') : ''),
    h('td', { class: 'number' }, bounded(atMost, fixed(seconds, 1))),
    h('td', { class: 'number' }, fixed(cpuSeconds, 1)),
  );
