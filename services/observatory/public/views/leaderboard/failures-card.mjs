import { h } from '../../dom/element.mjs';
import { clockTime } from '../../format/time.mjs';
import { card } from '../../parts/card.mjs';
import { chip } from '../../parts/chips.mjs';
import { experimentCell } from '../../parts/experiment-cell.mjs';

/** @typedef {import('@asi/reading').Failure} Failure */

const failureLimit = 200;

/** @param {readonly Failure[]} failures */
export function failuresCard(failures) {
  return card(
    {
      title: 'Without a result',
      note:
        failures.length === 0
          ? ''
          : failures.length > failureLimit
            ? `the newest ${failureLimit} of ${failures.length}`
            : `${failures.length}, newest first`,
    },
    failures.length === 0
      ? h('p', { class: 'empty' }, 'Nothing was rejected and nothing failed.')
      : h(
          'div',
          { class: 'table-scroll' },
          h(
            'table',
            { 'aria-label': 'Experiments without a result' },
            h(
              'thead',
              {},
              h(
                'tr',
                {},
                ['Experiment', 'End', 'Reason', 'What happened', 'At'].map((label) =>
                  h('th', { scope: 'col', class: label === 'At' ? 'number' : null }, label),
                ),
              ),
            ),
            h(
              'tbody',
              {},
              failures
                .slice(0, failureLimit)
                .map((one) =>
                  h(
                    'tr',
                    { 'data-key': one.id },
                    experimentCell(one),
                    h('td', {}, chip(one.outcome)),
                    h('td', {}, h('code', {}, one.code)),
                    h('td', { class: 'wrap' }, one.message),
                    h('td', { class: 'number' }, clockTime(one.at)),
                  ),
                ),
            ),
          ),
        ),
  );
}
