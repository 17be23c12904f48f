import type { TreeNode } from '@asi/reading';
import { flaggedWord } from '../../view/flagged-text.ts';
import { type Html, html } from '../html.ts';
import { round } from './chart.ts';

const rowHeight = 22;
const columnWidth = 200;
const labelWidth = 240;

/** The tree from left to right: a column a generation, a row a leaf; colour by fitness. */
export function treeChart(nodes: readonly TreeNode[]): Html {
  const children = new Map<string | null, TreeNode[]>();
  const present = new Set(nodes.map(({ id }) => id));
  for (const node of nodes) {
    const parent = node.parentId !== null && present.has(node.parentId) ? node.parentId : null;
    children.set(parent, [...(children.get(parent) ?? []), node]);
  }
  const places = new Map<string, { x: number; y: number }>();
  let leaves = 0;
  let deepest = 0;
  const place = (node: TreeNode, depth: number): number => {
    deepest = Math.max(deepest, depth);
    const rows = (children.get(node.id) ?? []).map((child) => place(child, depth + 1));
    const y = rows.length === 0 ? leaves++ * rowHeight + 14 : ((rows[0] ?? 0) + (rows.at(-1) ?? 0)) / 2;
    places.set(node.id, { x: 12 + depth * columnWidth, y });
    return y;
  };
  for (const root of children.get(null) ?? []) place(root, 0);
  const scores = nodes.flatMap((node) => countedFitness(node) ?? []);
  const [low, high] = [Math.min(...scores), Math.max(...scores)];
  const shade = (node: TreeNode) => {
    const fitness = countedFitness(node);
    return fitness === null ? 0 : high > low ? 0.25 + (0.75 * (fitness - low)) / (high - low) : 1;
  };
  const width = 12 + deepest * columnWidth + labelWidth;
  const at = (id: string | null) => (id === null ? undefined : places.get(id));
  return html`<figure class="wide"><figcaption>The tree of designs; the fuller the colour, the higher the fitness</figcaption>
<div class="scroll"><svg style="width:${width}px" viewBox="0 0 ${width} ${leaves * rowHeight + 8}" role="img" aria-label="Tree of designs">
${nodes.map((node) => {
  const [from, to] = [at(node.parentId), at(node.id)];
  if (!from || !to) return html``;
  const middle = (from.x + to.x) / 2;
  return html`<path class="edge" d="M${round(from.x)} ${round(from.y)}C${round(middle)} ${round(from.y)} ${round(middle)} ${round(to.y)} ${round(to.x)} ${round(to.y)}"/>`;
})}
${nodes.map((node) => {
  const to = at(node.id);
  if (!to) return html``;
  const words = wordsOf(node);
  return html`<circle class="node ${node.kind}" style="fill-opacity:${round(shade(node) * 10) / 10}" cx="${round(to.x)}" cy="${round(to.y)}" r="6"><title>${node.id} ${node.name}: ${words}</title></circle>
<text class="name" x="${round(to.x + 10)}" y="${round(to.y + 4)}">${short(node.kind === 'baseline' ? node.name : node.id)} <tspan class="faint">${words}</tspan></text>`;
})}
</svg></div></figure>`;
}

/** The fitness that counts: a gate can refuse what was measured. */
const countedFitness = ({ state, fitness }: TreeNode): number | null => (state === 'completed' ? fitness : null);

const wordsOf = (node: TreeNode): string =>
  [node.fitness?.toFixed(3), node.state === 'completed' ? null : node.state, flaggedWord(node)]
    .filter(Boolean)
    .join(' ');

const short = (text: string) => (text.length > 18 ? `${text.slice(0, 17)}…` : text);
