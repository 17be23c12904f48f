import { h } from '../dom/element.mjs';
import { counted, fixed } from '../format/numbers.mjs';
import { get } from '../live/api.mjs';
import { card } from '../parts/card.mjs';
import { confirmationCard } from '../parts/confirmation-card.mjs';
import { noCampaign } from '../parts/no-campaign.mjs';
import { changesResults } from '../parts/refresh.mjs';
import { table } from '../parts/table.mjs';
import { linkWith } from '../route.mjs';
import { armsCard } from './leaderboard/arms-card.mjs';
import { leaderboardColumns } from './leaderboard/columns.mjs';
import { failuresCard } from './leaderboard/failures-card.mjs';

/**
 * @typedef {{
 *   leaderboard: import('@asi/reading').Leaderboard,
 *   failures: readonly import('@asi/reading').Failure[],
 *   arms: import('@asi/reading').ArmComparison | null,
 * } | null} Data
 */

/** @type {import('./views.mjs').View<Data>} */
export const leaderboardView = {
  title: () => 'Leaderboard',
  dependsOn: [],
  isLive: false,
  load: async ({ campaignId }) => {
    if (campaignId === null) return null;
    const [leaderboard, failures, arms] = await Promise.all([
      get(`campaigns/${campaignId}/leaderboard`),
      get(`campaigns/${campaignId}/failures`),
      get(`campaigns/${campaignId}/arms`),
    ]);
    return { leaderboard, failures, arms };
  },
  render: (data, { route }) => {
    if (!data) return noCampaign();
    const { leaderboard, failures, arms } = data;
    return h(
      'div',
      { class: 'stack' },
      h(
        'div',
        { class: 'head' },
        h('h1', {}, 'Leaderboard'),
        h(
          'span',
          { class: 'sub' },
          `campaign ${leaderboard.campaignId} · differences are to ${leaderboard.baseline} · yardstick ${leaderboard.yardstick}`,
        ),
      ),
      noiseNote(leaderboard),
      card(
        { title: 'Results', note: tasksToggle(route) },
        leaderboard.rows.length === 0
          ? h('p', { class: 'empty' }, 'Nothing has a score: for that all baselines are measured first.')
          : table({
              columns: leaderboardColumns(leaderboard, route.query.columns === 'tasks'),
              rows: leaderboard.rows,
              route,
              caption: 'Results by fitness',
              key: (row) => row.id,
              rowClass: (row) => (row.kind === 'baseline' ? 'reference' : null),
              presorted: '-fitness',
            }),
        flaggedNote(leaderboard.rows),
      ),
      armsCard(arms),
      confirmationCard(leaderboard.rows.flatMap(({ confirmation }) => confirmation ?? [])),
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

/** @param {ReadonlyArray<import('@asi/reading').LeaderboardRow>} rows */
function flaggedNote(rows) {
  const tests = new Set(rows.flatMap(({ flags }) => flags ?? []));
  return tests.size === 0
    ? null
    : h(
        'p',
        { class: 'soft', 'data-field': 'flagged' },
        `A flagged program failed soft tests of its certificate: ${[...tests].join(', ')}. Its own page has the sentences.`,
      );
}

/** @param {import('@asi/reading').Leaderboard} leaderboard */
function noiseNote({ noise }) {
  const text = noise
    ? `One run's merit varies by ±${fixed(noise.merit)} (one standard deviation) when only the seed changes; ${noise.method}, ${counted(noise.degreesOfFreedom, 'degree')} of freedom. Intervals are 95 %. A candidate is one run, chosen among many: provisional until fresh seeds confirm it.`
    : 'The noise is not measured yet: it comes from the baselines, which are trained first with several seeds.';
  return h('p', { class: 'soft' }, text);
}
