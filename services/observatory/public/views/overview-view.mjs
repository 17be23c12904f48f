import { h } from '../dom/element.mjs';
import { fixed } from '../format/numbers.mjs';
import { bounded, duration } from '../format/time.mjs';
import { get } from '../live/api.mjs';
import { facts } from '../parts/card.mjs';
import { chip } from '../parts/chips.mjs';
import { noCampaign } from '../parts/no-campaign.mjs';
import { touchesCampaign } from '../parts/refresh.mjs';
import { armsStandingCard } from './overview/arms-standing-card.mjs';
import { bestAgainstBaselines } from './overview/best-against-baselines.mjs';
import { contributionsCard } from './overview/contributions-card.mjs';
import { historyCard } from './overview/history-card.mjs';
import { inflightCard } from './overview/inflight-card.mjs';
import { deadLettersCard, processesCard } from './overview/processes-card.mjs';
import { recentCard } from './overview/recent-card.mjs';

/**
 * @typedef {{
 *   progress: import('@asi/reading').Progress, leaderboard: import('@asi/reading').Leaderboard,
 *   history: import('@asi/reading').History, contributions: import('@asi/reading').Contributions,
 *   costs: import('@asi/reading').Costs, arms: import('@asi/reading').ArmComparison | null,
 * } | null} CampaignData
 * @typedef {{ campaign: CampaignData, status: import('../../src/stack/with-supervised.ts').DashboardStatus | null }} Data
 */

/** @type {import('./views.mjs').View<Data>} */
export const overviewView = {
  title: () => 'Overview',
  dependsOn: [],
  isLive: true,
  load: async ({ campaignId, live, campaigns }) => {
    const status = live.status ?? (await get('status').catch(() => null));
    if (campaignId === null) return { campaign: null, status };
    const split = campaigns.some(({ id, settings }) => id === campaignId && settings.arms.length > 0);
    const [progress, leaderboard, history, contributions, costs, arms] = await Promise.all(
      ['progress', 'leaderboard', 'history', 'contributions', 'costs', ...(split ? ['arms'] : [])].map((name) =>
        get(`campaigns/${campaignId}/${name}`),
      ),
    );
    return { campaign: { progress, leaderboard, history, contributions, costs, arms: arms ?? null }, status };
  },
  render: ({ campaign, status }, { live, route }) => {
    const now = live.status ?? status;
    return h(
      'div',
      { class: 'stack' },
      campaign ? head(campaign) : noCampaign(),
      h(
        'div',
        { class: 'grid' },
        campaign
          ? [
              inflightCard(campaign.progress, live, now),
              bestAgainstBaselines(campaign),
              armsStandingCard(campaign.arms, campaign.progress.campaignId),
              historyCard(campaign),
              contributionsCard(campaign),
            ]
          : null,
        processesCard(now, live.connection),
        deadLettersCard(now),
        recentCard(live, route),
      ),
    );
  },
  refreshes: touchesCampaign,
};

/** @param {NonNullable<CampaignData>} campaign */
function head({ progress, costs }) {
  const { candidates, baselines, work } = progress;
  const { rejected, failed, cancelled } = candidates;
  const ends = Object.entries({ rejected, failed, cancelled }).filter(([, count]) => count > 0);
  return h(
    'section',
    { class: 'card', 'aria-label': 'Progress' },
    h(
      'div',
      { class: 'head' },
      h('h1', {}, progress.title),
      chip(progress.state),
      h(
        'span',
        { class: 'sub' },
        `${progress.campaignId} · policy ${progress.policy}${progress.note ? ` · ${progress.note}` : ''}`,
      ),
    ),
    h('progress', {
      max: work.wanted,
      value: work.completed,
      'aria-label': `${work.completed} of ${work.wanted} runs`,
    }),
    h('div', { class: 'gap' }),
    facts([
      ['Candidates', String(candidates.completed), `of ${candidates.wanted}`],
      [
        'Baseline runs',
        String(baselines.completed),
        [
          `of ${baselines.wanted}`,
          ...(baselines.reused ? [`${baselines.reused} reused`] : []),
          ...(baselines.withoutResult ? [`${baselines.withoutResult} more without result`] : []),
        ].join(', '),
      ],
      ['Under way', String(progress.inFlight.length)],
      [
        'Without result',
        String(rejected + failed + cancelled),
        ends.map(([end, count]) => `${count} ${end}`).join(', '),
      ],
      [
        'Best fitness',
        fixed(progress.best?.fitness),
        progress.best ? `baselines ${fixed(progress.bestBaseline?.fitness)}` : '',
      ],
      ['Pace', fixed(progress.experimentsPerHour, 1), 'trainings per hour'],
      ['Elapsed', duration(progress.elapsedSeconds)],
      timeLeft(progress),
      ['Spent', bounded(costs.total.atMost, duration(costs.total.spentSeconds)), spentParts(costs.total)],
    ]),
  );
}

/**
 * Of trainings: what is measured and not judged yet takes moments, unless nobody judges.
 * @param {NonNullable<CampaignData>['progress']} progress
 * @returns {[string, string, string?]}
 */
function timeLeft({ state, secondsLeft, inFlight }) {
  if (state !== 'running') return ['Time left', '–'];
  if (secondsLeft === 0 && inFlight.length > 0) return ['Time left', 'moments', 'all is trained, judging is left'];
  return ['Time left', duration(secondsLeft), secondsLeft ? 'estimated' : ''];
}

/**
 * What the number of the costs is made of.
 * @param {import('@asi/reading').CostSum} sum
 */
const spentParts = ({ cpuSeconds, unmeasured, certificates }) =>
  `trainings ${duration(cpuSeconds)} of CPU, ${unmeasured.trainings} without result ${bounded(unmeasured.atMost, duration(unmeasured.seconds))} of the clock, certificates ${duration(certificates.cpuSeconds)} of CPU`;
