import { h } from '../dom/element.mjs';
import { counted } from '../format/numbers.mjs';
import { get } from '../live/api.mjs';
import { card } from '../parts/card.mjs';
import { noCampaign } from '../parts/no-campaign.mjs';
import { touchesCampaign } from '../parts/refresh.mjs';
import { familyOf } from './tree/lineage.mjs';
import { treeLegend, treePlot } from './tree/tree-plot.mjs';
import { treeSelection } from './tree/tree-selection.mjs';

/**
 * @typedef {import('@asi/reading').Tree | null} Data
 */

/** @type {import('./views.mjs').View<Data>} */
export const treeView = {
  title: () => 'Tree',
  dependsOn: [],
  isLive: false,
  load: async ({ campaignId }) => (campaignId === null ? null : get(`campaigns/${campaignId}/tree`)),
  render: (tree, { route }) => {
    if (!tree) return noCampaign();
    const selected = tree.nodes.find((node) => node.id === route.query.selected) ?? null;
    const shown = selected && route.query.only ? familyOf(tree.nodes, selected) : tree.nodes;
    const candidates = tree.nodes.filter((node) => node.kind === 'candidate');
    const own = candidates.filter((node) => node.campaignId === tree.campaignId).length;
    const earlier = candidates.length - own;
    return h(
      'div',
      { class: 'stack' },
      h(
        'div',
        { class: 'head' },
        h('h1', {}, 'Tree'),
        h(
          'span',
          { class: 'sub' },
          `campaign ${tree.campaignId} · ${counted(own, 'candidate')} under ${own === 1 ? 'its parent' : 'their parents'}${earlier > 0 ? ` (${earlier} of earlier campaigns)` : ''}; coloured by merit against DeltaNet`,
        ),
      ),
      tree.nodes.length === 0
        ? card(
            { title: 'Lineages' },
            h('p', { class: 'empty' }, 'The tree grows from the baselines, and none of them has a score yet.'),
          )
        : h(
            'div',
            { class: 'tree-layout' },
            card(
              { title: 'Lineages', note: treeLegend() },
              h('div', { class: 'table-scroll' }, treePlot(shown, selected, route)),
            ),
            treeSelection(tree.nodes, selected, route),
          ),
    );
  },
  refreshes: touchesCampaign,
};
