import { h } from '../dom/element.mjs';
import { compact, fixed, grouped, toNumber } from '../format/numbers.mjs';
import { clockTime } from '../format/time.mjs';
import { get } from '../live/api.mjs';
import { card } from '../parts/card.mjs';
import { chip, verdictChip } from '../parts/chips.mjs';
import { differenceText } from '../parts/difference.mjs';
import { experimentLink } from '../parts/experiment-link.mjs';
import { noCampaign } from '../parts/no-campaign.mjs';
import { changesResults } from '../parts/refresh.mjs';
import { table } from '../parts/table.mjs';
import { linkWith } from '../route.mjs';

/**
 * @typedef {import('@asi/reading').LeaderboardRow} Row
 * @typedef {import('@asi/reading').Failure} Failure
 * @typedef {{ leaderboard: import('@asi/reading').Leaderboard, failures: readonly Failure[] } | null} Data
 */

const failureLimit = 200;

/** @type {import('./views.mjs').View<Data>} */
export const leaderboardView = {
  title: () => 'Leaderboard',
  dependsOn: [],
  isLive: false,
  load: async ({ campaignId }) => {
    if (campaignId === null) return null;
    const [leaderboard, failures] = await Promise.all([
      get(`campaigns/${campaignId}/leaderboard`),
      get(`campaigns/${campaignId}/failures`),
    ]);
    return { leaderboard, failures };
  },
  render: (data, { route }) => {
    if (!data) return noCampaign();
    const { leaderboard, failures } = data;
    return h(
      'div',
      { class: 'stack' },
      h(
        'div',
        { class: 'head' },
        h('h1', {}, 'Leaderboard'),
        h('span', { class: 'sub' }, `differences are to ${leaderboard.baseline} · yardstick ${leaderboard.yardstick}`),
      ),
      noiseNote(leaderboard),
      card(
        { title: 'Results', note: tasksToggle(route) },
        leaderboard.rows.length === 0
          ? h('p', { class: 'empty' }, 'Nothing is measured yet. The baselines come first.')
          : table({
              columns: columnsOf(leaderboard, route.query.columns === 'tasks'),
              rows: leaderboard.rows,
              route,
              caption: 'Results by fitness',
              key: (row) => row.id,
              rowClass: (row) => (row.kind === 'baseline' ? 'reference' : null),
              presorted: '-fitness',
            }),
      ),
      failuresCard(failures),
    );
  },
  refreshes: changesResults,
};

/** @param {import('../route.mjs').Route} route */
const tasksToggle = (route) =>
  route.query.columns === 'tasks'
    ? h('a', { href: linkWith(route, { columns: null }) }, 'hide the tasks')
    : h('a', { href: linkWith(route, { columns: 'tasks' }) }, 'show each task');

/** @param {import('@asi/reading').Leaderboard} leaderboard */
function noiseNote({ noise }) {
  const text = noise
    ? `One run's merit varies by ±${fixed(noise.merit)} (one standard deviation) when only the seed changes; ${noise.method}, ${noise.degreesOfFreedom} degrees of freedom. Intervals are 95 %. A candidate is one run, chosen among many: provisional until it is confirmed with fresh seeds.`
    : 'The noise is not measured yet: it comes from the baselines, which are trained first with several seeds.';
  return h('p', { class: 'soft' }, text);
}

/**
 * @param {import('@asi/reading').Leaderboard} leaderboard
 * @param {boolean} withTasks
 * @returns {Array<import('../parts/table.mjs').Column<Row>>}
 */
function columnsOf({ rows }, withTasks) {
  const tasks = withTasks ? Object.keys(rows[0]?.tasks ?? {}) : [];
  return [
    { name: 'rank', label: '#', number: true, cell: (row) => row.rank, order: (row) => row.rank },
    {
      name: 'name',
      label: 'Architecture',
      kind: 'name',
      cell: (row) => experimentLink(row.id, row.name),
      order: (row) => row.name,
    },
    {
      name: 'mark',
      label: '',
      cell: (row) => [
        row.kind === 'baseline'
          ? h(
              'span',
              { class: 'chip', title: row.runs.join(', ') },
              `baseline · ${row.runs.length} ${row.runs.length === 1 ? 'run' : 'runs'}`,
            )
          : null,
        row.provisional ? h('span', { class: 'chip', title: 'one run, chosen among many' }, 'provisional') : null,
        row.suspicious ? chip('too good?', 'warn') : null,
      ],
    },
    {
      name: 'fitness',
      label: 'Fitness',
      number: true,
      best: 'high',
      cell: (row) => h('b', {}, fixed(row.fitness)),
      order: (row) => row.fitness,
    },
    {
      name: 'merit',
      label: 'Merit',
      title: 'what was measured, without the judge; ± one standard deviation between seeds',
      number: true,
      best: 'high',
      cell: (row) => [fixed(row.merit), noiseOf(row.noise?.merit)],
      order: (row) => row.merit,
    },
    {
      name: 'difference',
      label: 'Difference',
      title: 'merit minus DeltaNet’s, 95 % interval',
      number: true,
      best: 'high',
      cell: (row) => differenceText(row.difference),
      order: (row) => row.difference?.value ?? null,
    },
    { name: 'verdict', label: '', cell: (row) => (row.difference ? verdictChip(row.difference.verdict) : null) },
    {
      name: 'loss',
      label: 'LM loss',
      title: 'held-out loss of the byte language model, nats per byte',
      number: true,
      best: 'low',
      cell: (row) => [fixed(row.languageModelLoss), noiseOf(row.noise?.languageModelLoss)],
      order: (row) => toNumber(row.languageModelLoss),
    },
    {
      name: 'battery',
      label: 'Battery',
      title: 'mean accuracy over the synthetic tasks',
      number: true,
      best: 'high',
      cell: (row) => [fixed(row.battery), noiseOf(row.noise?.battery)],
      order: (row) => toNumber(row.battery),
    },
    ...tasks
      .filter((task) => rows[0]?.tasks[task]?.metric === 'accuracy')
      .map((task) => ({
        name: `task.${task}`,
        label: task,
        number: true,
        best: /** @type {const} */ ('high'),
        cell: (/** @type {Row} */ row) => fixed(row.tasks[task]?.value, 2),
        order: (/** @type {Row} */ row) => toNumber(row.tasks[task]?.value),
      })),
    {
      name: 'judge',
      label: 'Judge',
      title: '1 to 10',
      number: true,
      best: 'high',
      cell: (row) => fixed(row.judge, 1),
      order: (row) => row.judge,
    },
    {
      name: 'parameters',
      label: 'Params',
      title: 'of one layer’s mixer',
      number: true,
      best: 'low',
      cell: (row) => grouped(row.parameters),
      order: (row) => row.parameters,
    },
    {
      name: 'flops',
      label: 'FLOPs/token',
      number: true,
      best: 'low',
      cell: (row) => compact(row.flopsPerToken),
      order: (row) => row.flopsPerToken,
    },
    {
      name: 'seconds',
      label: 'CPU-s',
      title: 'CPU-seconds of one run',
      number: true,
      best: 'low',
      cell: (row) => fixed(row.seconds, 1),
      order: (row) => row.seconds,
    },
  ];
}

/** @param {number | undefined} noise */
const noiseOf = (noise) => (noise === undefined ? null : h('span', { class: 'faint' }, ` ±${fixed(noise)}`));

/** @param {readonly Failure[]} failures */
function failuresCard(failures) {
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
                ['Experiment', '', 'Reason', 'What happened', 'At'].map((label) => h('th', { scope: 'col' }, label)),
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
                    h(
                      'td',
                      { class: 'name' },
                      experimentLink(one.id, one.name),
                      ' ',
                      h('span', { class: 'mono faint' }, one.id),
                    ),
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
