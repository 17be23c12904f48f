import { h } from '../dom/element.mjs';
import { counted, grouped } from '../format/numbers.mjs';
import { get } from '../live/api.mjs';
import { card, facts } from '../parts/card.mjs';
import { chip } from '../parts/chips.mjs';
import { noCampaign } from '../parts/no-campaign.mjs';
import { changesCalls } from '../parts/refresh.mjs';
import { capsCard } from './cost/caps-card.mjs';
import { outcomeName, priceWords, sumDollars, sumsCard } from './cost/sums-card.mjs';

/**
 * @typedef {import('@asi/reading').Calls} Calls
 * @typedef {import('@asi/reading').CampaignSummary} CampaignSummary
 */

/** What language models cost the campaign: the numbers of `asi cost`. @type {import('./views.mjs').View<Calls | null>} */
export const costView = {
  title: () => 'Cost',
  dependsOn: [],
  isLive: false,
  load: async ({ campaignId }) => (campaignId === null ? null : get(`campaigns/${campaignId}/calls`)),
  render: (calls, { campaigns }) => {
    if (!calls) return noCampaign();
    const campaign = campaigns.find(({ id }) => id === calls.campaignId);
    return h(
      'div',
      { class: 'stack' },
      h(
        'div',
        { class: 'head' },
        h('h1', {}, 'Cost'),
        campaign ? chip(campaign.state) : null,
        h(
          'span',
          { class: 'sub' },
          `language models of campaign ${calls.campaignId}; the time of its trainings is on the overview${campaign?.note ? ` · ${campaign.note}` : ''}`,
        ),
      ),
      calls.total.calls === 0
        ? h('p', { class: 'empty' }, nothingAsked(calls.campaignId, campaign))
        : [totalCard(calls), capsCard(calls.caps), ...sumCards(calls)],
      // A cap that is set is a promise, also where nothing was spent yet.
      calls.total.calls === 0 && calls.caps.length > 0 ? capsCard(calls.caps) : null,
    );
  },
  refreshes: changesCalls,
};

/**
 * @param {string} id
 * @param {CampaignSummary | undefined} campaign
 */
function nothingAsked(id, campaign) {
  const { minds = {}, arms = [] } = campaign?.settings ?? {};
  const thinks = [minds, ...arms.map((arm) => arm.minds)].some((of) => Object.values(of).includes('llm'));
  return thinks
    ? `Campaign ${id} has asked no language model yet.`
    : `Campaign ${id} asks no language model: all its minds are offline.`;
}

/** @param {Calls} calls */
const totalCard = ({ total, remarks }) =>
  card(
    { title: 'In all' },
    facts([
      [
        'Dollars',
        sumDollars(total),
        total.withoutDollars > 0 ? `${counted(total.withoutDollars, 'call')} not known` : '',
      ],
      ['Calls', grouped(total.calls), `${grouped(total.answered)} answered`],
      ['Tokens in', grouped(total.input), `${grouped(total.cached)} cached`],
      ['Tokens out', grouped(total.output), `${grouped(total.reasoning)} reasoning`],
      ['Under way', grouped(total.underWay)],
      ['Failed', grouped(total.failed)],
      ['Retries', grouped(total.retries)],
      ['Begun again', grouped(total.reopenings)],
      ['Lost', grouped(total.lost)],
    ]),
    remarks.map((remark) => h('p', { class: 'soft remark' }, remark)),
  );

/** @param {Calls} calls */
const sumCards = ({ roles, questions, models, outcomes }) => [
  sumsCard(
    'By role',
    'Role',
    roles.map(({ role, sum }) => ({ key: role, name: role, sum })),
  ),
  sumsCard(
    'By model',
    'Model',
    models.map(({ model, price, sum }) => ({ key: model, name: model, below: priceWords(price), sum })),
  ),
  sumsCard(
    'By what became of it',
    'Spent on',
    outcomes.map((one) => ({ key: `${one.outcome}/${one.reason ?? ''}`, name: outcomeName(one), sum: one.sum })),
  ),
  sumsCard(
    'By question',
    'Question',
    questions.map(({ role, node, sum }) => ({ key: `${role}/${node}`, name: `${role}: ${node}`, sum })),
  ),
];
