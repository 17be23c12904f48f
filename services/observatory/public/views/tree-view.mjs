import { meritColour } from '../charts/merit-colour.mjs';
import { layoutTree } from '../charts/tree-layout.mjs';
import { h, s } from '../dom/element.mjs';
import { fixed } from '../format/numbers.mjs';
import { get } from '../live/api.mjs';
import { card, facts } from '../parts/card.mjs';
import { chip } from '../parts/chips.mjs';
import { experimentLink } from '../parts/experiment-link.mjs';
import { noCampaign } from '../parts/no-campaign.mjs';
import { touchesCampaign } from '../parts/refresh.mjs';
import { linkWith } from '../route.mjs';

/**
 * @typedef {import('@asi/reading').TreeNode} TreeNode
 * @typedef {import('@asi/reading').Tree | null} Data
 */

const columnWidth = 170;
const rowHeight = 24;

/** @type {import('./views.mjs').View<Data>} */
export const treeView = {
  title: () => 'Tree',
  dependsOn: [],
  isLive: false,
  load: async ({ campaignId }) => (campaignId === null ? null : get(`campaigns/${campaignId}/tree`)),
  render: (tree, { route }) => {
    if (!tree) return noCampaign();
    const selected = tree.nodes.find((node) => node.id === route.query.selected) ?? null;
    const candidates = tree.nodes.filter((node) => node.kind === 'candidate').length;
    return h(
      'div',
      { class: 'stack' },
      h(
        'div',
        { class: 'head' },
        h('h1', {}, 'Tree'),
        h('span', { class: 'sub' }, `${candidates} candidates under their parents; coloured by merit against DeltaNet`),
      ),
      tree.nodes.length === 0
        ? card(
            { title: 'Lineages' },
            h('p', { class: 'empty' }, 'The tree grows from the baselines: nothing is measured yet.'),
          )
        : h(
            'div',
            { class: 'tree-layout' },
            card(
              { title: 'Lineages', note: legend() },
              h('div', { class: 'table-scroll' }, plot(tree.nodes, selected, route)),
            ),
            selection(tree.nodes, selected),
          ),
    );
  },
  refreshes: touchesCampaign,
};

/**
 * @param {readonly TreeNode[]} nodes
 * @param {TreeNode | null} selected
 * @param {import('../route.mjs').Route} route
 */
function plot(nodes, selected, route) {
  const placed = layoutTree(nodes);
  const at = new Map(
    placed.map((one) => [one.node.id, { x: 14 + one.column * columnWidth, y: 14 + one.row * rowHeight }]),
  );
  const width = 14 + (Math.max(...placed.map((one) => one.column)) + 1) * columnWidth;
  const height = 14 + (Math.max(...placed.map((one) => one.row)) + 1) * rowHeight;
  const lineage = new Set(lineageOf(nodes, selected).map((node) => node.id));
  const colour = colouring(nodes);
  return s(
    'svg',
    {
      class: 'tree-plot',
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: 'group',
      'aria-label': 'Tree of experiments',
    },
    placed.map(({ node }) => {
      const to = at.get(node.id);
      const from = node.parentId === null ? undefined : at.get(node.parentId);
      if (!from || !to) return null;
      const middle = to.x - columnWidth * 0.28;
      const onPath = lineage.has(node.id) && lineage.has(node.parentId ?? '');
      return s('path', {
        class: `edge${onPath ? ' lineage' : ''}`,
        d: `M${from.x},${from.y}C${middle},${from.y} ${middle},${to.y} ${to.x},${to.y}`,
      });
    }),
    placed.map(({ node }) => {
      const { x, y } = at.get(node.id) ?? { x: 0, y: 0 };
      const name = node.name.length > 21 ? `${node.name.slice(0, 20)}…` : node.name;
      return s(
        'a',
        {
          href: linkWith(route, { selected: node.id }),
          'data-key': node.id,
          'data-node': node.id,
          'aria-current': node.id === selected?.id ? 'true' : null,
          'aria-label': `${node.name}, ${node.state}, merit ${fixed(node.merit)}`,
        },
        s(
          'title',
          {},
          `${node.name} (${node.id})\n${node.state}\nfitness ${fixed(node.fitness)}, merit ${fixed(node.merit)}`,
        ),
        s('circle', {
          cx: x,
          cy: y,
          r: node.kind === 'baseline' ? 7 : 5.5,
          class: circleClass(node),
          fill: colour(node),
        }),
        s('text', { x: x + 11, y: y + 4 }, name),
      );
    }),
  );
}

/** @param {TreeNode} node */
const circleClass = (node) =>
  node.merit !== null ? null : ['rejected', 'failed', 'cancelled'].includes(node.state) ? 'failed' : 'unmeasured';

/** @param {readonly TreeNode[]} nodes */
function colouring(nodes) {
  const merits = nodes.flatMap((node) => node.merit ?? []);
  const baseline = nodes.find((node) => node.kind === 'baseline' && node.name === 'delta-net')?.merit ?? 0.5;
  const reach = Math.max(0.02, ...merits.map((merit) => Math.abs(merit - baseline)));
  return (/** @type {TreeNode} */ node) => (node.merit === null ? null : meritColour(node.merit, baseline, reach));
}

function legend() {
  return h(
    'span',
    {},
    [-1, -0.5, 0, 0.5, 1].map((value) =>
      s(
        'svg',
        { width: 12, height: 10, viewBox: '0 0 12 10', 'aria-hidden': 'true' },
        s('rect', { width: 12, height: 10, fill: meritColour(value, 0, 1) }),
      ),
    ),
    ' worse → DeltaNet → better · ring: no result',
  );
}

/**
 * The node and its ancestors, oldest first.
 * @param {readonly TreeNode[]} nodes
 * @param {TreeNode | null} selected
 */
function lineageOf(nodes, selected) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const line = [];
  for (let node = selected; node; node = byId.get(node.parentId ?? '') ?? null) line.unshift(node);
  return line;
}

/**
 * @param {readonly TreeNode[]} nodes
 * @param {TreeNode | null} selected
 */
function selection(nodes, selected) {
  if (!selected) {
    return card(
      { title: 'Selection' },
      h('p', { class: 'empty' }, 'Choose a node to see where it comes from and what came of it.'),
    );
  }
  const lineage = lineageOf(nodes, selected);
  const children = nodes.filter((node) => node.parentId === selected.id);
  return card(
    { title: 'Selection', note: chip(selected.state) },
    h('h3', {}, experimentLink(selected.id, selected.name)),
    h('p', { class: 'mono faint' }, selected.id),
    facts([
      ['Fitness', fixed(selected.fitness)],
      ['Merit', fixed(selected.merit)],
      ['Generation', selected.depth],
    ]),
    h('h3', {}, 'Lineage'),
    steps(lineage),
    children.length > 0 ? [h('h3', {}, `Children (${children.length})`), steps(children)] : null,
  );
}

/** @param {readonly TreeNode[]} nodes */
const steps = (nodes) =>
  h(
    'table',
    {},
    h(
      'tbody',
      {},
      nodes.map((node) =>
        h(
          'tr',
          { 'data-key': node.id },
          h('td', { class: 'name' }, experimentLink(node.id, node.name)),
          h('td', { class: 'number' }, fixed(node.merit)),
        ),
      ),
    ),
  );
