import { h } from '../../dom/element.mjs';
import { fixed } from '../../format/numbers.mjs';
import { card, facts } from '../../parts/card.mjs';
import { chip, flaggedChip } from '../../parts/chips.mjs';
import { experimentLink } from '../../parts/experiment-link.mjs';
import { linkWith } from '../../route.mjs';
import { lineageOf } from './lineage.mjs';

/** @typedef {import('@asi/reading').TreeNode} TreeNode */

/**
 * @param {readonly TreeNode[]} nodes
 * @param {TreeNode | null} selected
 * @param {import('../../route.mjs').Route} route
 */
export function treeSelection(nodes, selected, route) {
  if (!selected) {
    return card(
      { title: 'Selection' },
      h('p', { class: 'empty' }, 'Choose a node to see where it comes from and what came of it.'),
    );
  }
  const lineage = lineageOf(nodes, selected);
  const children = nodes.filter((node) => node.parentId === selected.id);
  return card(
    { title: 'Selection', note: h('span', {}, chip(selected.state), ' ', flaggedChip(selected.flags)) },
    h('h3', {}, experimentLink(selected.id, selected.name)),
    h('p', { class: 'mono faint' }, selected.id),
    facts([
      ['Fitness', fixed(selected.fitness)],
      ['Merit', fixed(selected.merit)],
      ['Generation', selected.depth],
      ...(selected.arm === null ? [] : [/** @type {const} */ (['Arm', selected.arm])]),
    ]),
    h(
      'p',
      {},
      route.query.only
        ? h('a', { href: linkWith(route, { only: null }) }, 'Show the whole tree')
        : h('a', { href: linkWith(route, { only: 'family' }) }, 'Show only its ancestors and descendants'),
    ),
    h('h3', {}, 'Lineage'),
    steps(lineage),
    children.length > 0 ? [h('h3', {}, `Children (${children.length})`), steps(children)] : null,
  );
}

/** @param {readonly TreeNode[]} nodes */
const steps = (nodes) =>
  h(
    'table',
    { class: 'steps' },
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
