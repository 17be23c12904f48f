import { h } from '../../dom/element.mjs';
import { bytes, grouped, missing } from '../../format/numbers.mjs';
import { age, clockTime } from '../../format/time.mjs';
import { card } from '../../parts/card.mjs';
import { chip } from '../../parts/chips.mjs';
import { experimentLink } from '../../parts/experiment-link.mjs';

/**
 * @typedef {import('../../../src/stack/with-supervised.ts').DashboardStatus} Status
 * @typedef {import('../../../src/stack/read-supervised.ts').Supervised} Supervised
 */

const shownDeadLetters = 10;

/**
 * Every process that answers, and those that only lab knows of: they are on no bus, or are down at the moment.
 * @param {Status | null} status
 * @param {import('../../live/event-source.mjs').Connection} connection
 */
export function processesCard(status, connection) {
  const processes = status?.processes ?? [];
  const supervised = status?.stack?.supervised ?? null;
  const silent = (supervised ?? []).filter((one) => !processes.some(({ role }) => isOfRole(one, role)));
  const count = processes.length + silent.length;
  const counts = count === 1 ? '1 process' : `${count} processes`;
  const titles = [
    'Process',
    'State',
    'Doing',
    ...(supervised ? ['Restarts'] : []),
    'Waiting',
    'Handled',
    'Failed',
    'Dead letters',
    'Memory',
    'Up',
    'Details',
  ];
  return card(
    {
      title: 'Processes',
      note: count ? `${counts}${connection === 'reconnecting' ? ', as when last heard of' : ''}` : '',
    },
    count === 0
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
                titles.map((label) =>
                  h(
                    'th',
                    { scope: 'col', class: /Rest|Wait|Hand|Fail|Dead|Mem|Up/.test(label) ? 'number' : null },
                    label,
                  ),
                ),
              ),
            ),
            h(
              'tbody',
              {},
              processes.map((one) => row(one, status, supervised)),
              silent.map(silentRow),
            ),
          ),
        ),
  );
}

/**
 * Several processes of one role are its name with numbers.
 * @param {Supervised} process
 * @param {string} role
 */
const isOfRole = ({ name }, role) => name === role || name.startsWith(`${role}-`);

/**
 * How often lab started the processes of a role again.
 * @param {string} key
 * @param {readonly Supervised[]} processes
 */
function restartsCell(key, processes) {
  const restarts = processes.reduce((sum, one) => sum + one.restarts, 0);
  return h(
    'td',
    { class: `number ${restarts ? 'warn' : ''}`, 'data-restarts-of': key },
    processes.length === 0 ? missing : `${grouped(restarts)}${processes.length > 1 ? ' in all' : ''}`,
  );
}

/** @param {Supervised} one */
const silentRow = (one) => {
  const down = one.state === 'backing-off';
  return h(
    'tr',
    { 'data-key': one.name },
    h('td', {}, one.name),
    h('td', { 'data-state-of': one.name }, chip(one.state, down ? 'bad' : one.state === 'running' ? 'good' : 'warn')),
    h('td', { class: `wrap ${down ? 'bad' : ''}` }, down ? (one.lastError?.message ?? '') : ''),
    restartsCell(one.name, [one]),
    h('td', { colspan: 5 }),
    h('td', { class: 'number' }, age(one.since)),
    h('td', { class: 'wrap soft' }, one.url ?? ''),
  );
};

/**
 * @param {Status['processes'][number]} one
 * @param {Status | null} status
 * @param {readonly Supervised[] | null} supervised null where lab does not run the processes
 */
function row(one, status, supervised) {
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
      (one.waits ?? []).map(({ endpoint, reason, since }) =>
        h('div', { class: 'bad' }, `waits for ${endpoint}: ${reason}, since ${age(since)}`),
      ),
    ),
    supervised
      ? restartsCell(
          one.role,
          supervised.filter((process) => isOfRole(process, one.role)),
        )
      : null,
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
        .map(([name, value]) => `${words(name)} ${value}`)
        .join(' · '),
    ),
  );
}

/**
 * The name of a detail as people say it: `isolationTier` is isolation tier.
 * @param {string} name
 */
const words = (name) => name.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

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
