import { extent } from '../../charts/extent.mjs';
import { meritColour } from '../../charts/merit-colour.mjs';
import { layoutTree } from '../../charts/tree-layout.mjs';
import { h, s } from '../../dom/element.mjs';
import { fixed } from '../../format/numbers.mjs';
import { shortName } from '../../parts/cut-name.mjs';
import { linkWith } from '../../route.mjs';
import { lineageOf } from './lineage.mjs';

/** @typedef {import('@asi/reading').TreeNode} TreeNode */

const margin = 14;
/** With more nodes only the best, the baselines and the selected lineage carry their names. */
const namedNodes = 120;
const bestNamed = 10;

/**
 * @param {readonly TreeNode[]} nodes
 * @param {TreeNode | null} selected
 * @param {import('../../route.mjs').Route} route
 */
export function treePlot(nodes, selected, route) {
  const placed = layoutTree(nodes);
  const [, lastColumn] = extent(placed.map((one) => one.column));
  const [, lastRow] = extent(placed.map((one) => one.row));
  const dense = nodes.length > namedNodes;
  const columnWidth = dense ? Math.max(26, Math.min(120, 900 / (lastColumn + 1))) : 170;
  const rowHeight = dense ? Math.max(2.4, Math.min(24, 1200 / (lastRow + 1))) : 24;
  const radius = dense ? Math.max(2.2, Math.min(5.5, rowHeight * 0.6)) : 5.5;
  const at = new Map(
    placed.map((one) => [one.node.id, { x: margin + one.column * columnWidth, y: margin + one.row * rowHeight }]),
  );
  const width = 2 * margin + lastColumn * columnWidth + 156;
  const height = 2 * margin + lastRow * rowHeight;
  const lineage = new Set(lineageOf(nodes, selected).map((node) => node.id));
  const named = dense ? namesFor(nodes, lineage) : null;
  const colour = colouring(nodes);
  // What is named is drawn last, so that no dot covers a name.
  const ordered = named
    ? [...placed].sort((a, b) => Number(named.has(a.node.id)) - Number(named.has(b.node.id)))
    : placed;
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
    ordered.map(({ node }) => {
      const { x, y } = at.get(node.id) ?? { x: 0, y: 0 };
      const name = shortName(node.name, 21);
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
          r: node.kind === 'baseline' || node.id === selected?.id ? radius + 1.5 : radius,
          class: circleClass(node),
          fill: colour(node),
        }),
        named && !named.has(node.id) ? null : s('text', { x: x + radius + 5.5, y: y + 4 }, name),
      );
    }),
  );
}

/**
 * @param {readonly TreeNode[]} nodes
 * @param {ReadonlySet<string>} lineage
 */
function namesFor(nodes, lineage) {
  const best = nodes.filter(counts).sort((a, b) => (b.merit ?? 0) - (a.merit ?? 0));
  const parents = new Set(nodes.map((node) => node.parentId));
  const baselines = nodes.filter((node) => node.kind === 'baseline' && parents.has(node.id));
  return new Set([...lineage, ...[...best.slice(0, bestNamed), ...baselines].map((node) => node.id)]);
}

/**
 * What a gate refused after it was measured keeps its merit, but wins no name and widens no scale.
 * @param {TreeNode} node
 */
const counts = ({ state, merit }) => state === 'completed' && merit !== null;

/** @param {TreeNode} node */
const circleClass = (node) =>
  ['rejected', 'failed', 'cancelled'].includes(node.state) ? 'failed' : node.merit === null ? 'unmeasured' : null;

/** @param {readonly TreeNode[]} nodes */
function colouring(nodes) {
  const merits = nodes.filter(counts).flatMap((node) => node.merit ?? []);
  const baseline = nodes.find((node) => node.kind === 'baseline' && node.name === 'delta-net')?.merit ?? 0.5;
  const reach = extent([0.02, ...merits.map((merit) => Math.abs(merit - baseline))])[1];
  return (/** @type {TreeNode} */ node) => (node.merit === null ? null : meritColour(node.merit, baseline, reach));
}

/** What the colours of the plot mean. */
export function treeLegend() {
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
    ' worse → DeltaNet → better · ring: no result, or refused by a gate',
  );
}
