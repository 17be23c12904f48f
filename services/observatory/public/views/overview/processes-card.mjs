import { h } from '../../dom/element.mjs';
import { bytes, grouped } from '../../format/numbers.mjs';
import { age, clockTime } from '../../format/time.mjs';
import { card } from '../../parts/card.mjs';
import { chip } from '../../parts/chips.mjs';
import { experimentLink } from '../../parts/experiment-link.mjs';

/** @typedef {import('@asi/reading').Status} Status */

const shownDeadLetters = 10;

/** @param {Status | null} status */
export function processesCard(status) {
  const processes = status?.processes ?? [];
  return card(
    {
      title: 'Processes',
      note: processes.length ? (processes.length === 1 ? '1 process' : `${processes.length} processes`) : '',
    },
    processes.length === 0
      ? h('p', { class: 'empty' }, 'No process answers at the moment.')
      : h(
          'div',
          { class: 'table-scroll' },
          h(
            'table',
            { 'aria-label': 'Processes' },
            h(
              'thead',
              {},
              h(
                'tr',
                {},
                [
                  'Process',
                  'State',
                  'Doing',
                  'Waiting',
                  'Handled',
                  'Failed',
                  'Dead letters',
                  'Memory',
                  'Up',
                  'Details',
                ].map((label) =>
                  h('th', { scope: 'col', class: /Wait|Hand|Fail|Dead|Mem|Up/.test(label) ? 'number' : null }, label),
                ),
              ),
            ),
            h(
              'tbody',
              {},
              processes.map((one) => row(one, status)),
            ),
          ),
        ),
  );
}

/**
 * @param {Status['processes'][number]} one
 * @param {Status | null} status
 */
function row(one, status) {
  // Of the role, from the journal: what a process counts itself begins anew with each start of it.
  const deadLetters = status?.deadLetterCounts[one.role] ?? 0;
  const waiting = (status?.backlog ?? []).filter(
    ({ consumer }) => consumer === one.role || consumer.startsWith(`${one.role}_`),
  );
  return h(
    'tr',
    { 'data-key': `${one.role}/${one.instance}` },
    h('td', {}, one.role, ' ', h('span', { class: 'mono faint' }, one.instance)),
    h(
      'td',
      { 'data-state-of': one.role },
      chip(one.state, one.state.endsWith('working') ? 'active' : one.state.startsWith('ready') ? 'good' : 'warn'),
    ),
    h(
      'td',
      { class: 'wrap' },
      one.tasks.length === 0
        ? h('span', { class: 'faint' }, 'nothing')
        : one.tasks.flatMap((task, index) => [
            index > 0 ? ', ' : '',
            experimentLink(task.experimentId),
            ` ${task.state}`,
          ]),
    ),
    h(
      'td',
      { class: 'number' },
      waiting.length === 0 ? '' : grouped(waiting.reduce((sum, { waiting: messages }) => sum + messages, 0)),
    ),
    h('td', { class: 'number' }, grouped(one.handled)),
    h('td', { class: `number ${one.failed ? 'warn' : ''}` }, grouped(one.failed)),
    h('td', { class: `number ${deadLetters ? 'bad' : ''}`, 'data-dead-letters-of': one.role }, grouped(deadLetters)),
    h('td', { class: 'number' }, bytes(one.memoryBytes)),
    h('td', { class: 'number' }, age(one.startedAt)),
    h(
      'td',
      { class: 'wrap soft' },
      Object.entries(one.details)
        .map(([name, value]) => `${name} ${value}`)
        .join(' · '),
    ),
  );
}

/** @param {Status | null} status */
export function deadLettersCard(status) {
  const letters = status?.deadLetters ?? [];
  if (letters.length === 0) return null;
  const all = Object.values(status?.deadLetterCounts ?? {}).reduce((sum, count) => sum + count, 0);
  const newest = letters.slice(0, shownDeadLetters);
  return card(
    {
      title: 'Dead letters',
      note: `messages that nobody could handle: ${all}${newest.length < all ? `, the newest ${newest.length}` : ''}`,
    },
    h(
      'div',
      { class: 'table-scroll' },
      h(
        'table',
        { 'aria-label': 'Dead letters' },
        h(
          'tbody',
          {},
          newest.map((one) =>
            h(
              'tr',
              { 'data-key': one.sequence },
              h('td', { class: 'number' }, clockTime(one.at)),
              h('td', {}, one.consumer),
              h('td', { class: 'mono' }, one.originalType ?? ''),
              h('td', {}, h('code', { class: 'bad' }, one.code)),
              h('td', { class: 'wrap' }, one.why),
              h('td', {}, one.experimentId ? experimentLink(one.experimentId) : ''),
            ),
          ),
        ),
      ),
    ),
  );
}
