import { h } from '../dom/element.mjs';
import { card } from '../parts/card.mjs';
import { chip } from '../parts/chips.mjs';
import { noCampaign } from '../parts/no-campaign.mjs';
import { linkTo, linkWith } from '../route.mjs';

const shown = 20;

/** What stands in place of a view of a campaign that there is not: which one, and those that there are. @type {import('./views.mjs').View<null>} */
export const unknownCampaignView = {
  title: ({ campaignId }) => `No campaign ${campaignId}`,
  dependsOn: [],
  isLive: false,
  load: async () => null,
  render: (_, { campaignId, campaigns, route }) =>
    h(
      'div',
      { class: 'stack' },
      h('p', { class: 'notice bad', role: 'alert' }, `There is no campaign ${campaignId}.`),
      campaigns.length === 0
        ? noCampaign()
        : card(
            {
              title: 'The campaigns that there are',
              note: campaigns.length > shown ? `the newest ${shown} of ${campaigns.length}` : '',
            },
            h(
              'ul',
              { class: 'citations' },
              campaigns
                .toReversed()
                .slice(0, shown)
                .map(({ id, title, state }) =>
                  h(
                    'li',
                    { 'data-key': id },
                    h('a', { href: hrefTo(route, id) }, `${id} · ${title}`),
                    ' ',
                    chip(state),
                  ),
                ),
            ),
          ),
    ),
  refreshes: () => false,
};

/**
 * The same view of another campaign; what was chosen in this one is not in that.
 * @param {import('../route.mjs').Route} route
 * @param {string} campaign
 */
const hrefTo = (route, campaign) =>
  route.id === null ? linkWith(route, { campaign, selected: null }) : linkTo('overview', null, { campaign });
