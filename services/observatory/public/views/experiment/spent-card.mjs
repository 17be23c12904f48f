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

/** @type {Record<import('@asi/reading').Spent['notCounted'][number], string>} */
const notCountedWords = {
  drafts: 'certificates of draws that were thrown away',
  mending: 'probes of the engineer, and certificates of programs that it discarded or replaced',
};

/**
 * What the experiment took: every training that was started for it, lost ones included, its certificates, and what is on no record.
 * @param {import('@asi/reading').Spent} spent
 */
export function spentCard({ seconds, atMost, trainings, certificates, certificateCpuSeconds, notCounted }) {
  if (trainings.length === 0 && certificateCpuSeconds === null && notCounted.length === 0) return null;
  const lost = trainings.filter(({ end }) => end === 'without-result').length;
  return card(
    { title: 'Cost' },
    facts([
      notCounted.length === 0
        ? ['Spent', bounded(atMost, duration(seconds))]
        : [
            'Spent',
            `${atMost ? 'about' : '≥'} ${duration(seconds)}`,
            `not on record: ${notCounted.map((one) => notCountedWords[one]).join('; ')}`,
          ],
      ['Trainings started', String(trainings.length), lost ? `${lost} without a result` : ''],
      certificateCpuSeconds === null
        ? ['Certificate', 'none']
        : [
            certificates > 1 ? `${certificates} certificates` : 'Certificate',
            `${fixed(certificateCpuSeconds, 1)} s`,
            'of CPU',
          ],
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
