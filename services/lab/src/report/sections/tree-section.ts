import type { TreeNode } from '@asi/reading';
import { oldGroundText } from '../../view/old-ground-text.ts';
import { type Html, html } from '../html.ts';
import type { ReportData } from '../report-data.ts';
import { treeChart } from '../svg/tree-chart.ts';

const shown = 60;

/** Which design came from which, and how much of it was old ground: of large campaigns the best ones with their ancestors. */
export function treeSection({ tree, leaderboard }: ReportData): Html {
  const kept = prune(tree.nodes);
  const ground = oldGroundText(leaderboard.oldGround);
  return html`<h2 id="tree">The tree</h2>
${kept.length < tree.nodes.length ? html`<p>The best ${shown} candidates with their ancestors, of ${tree.nodes.length} designs in all; <code>asi tree</code> shows every one.</p>` : null}
${treeChart(kept)}
${ground === '' ? null : html`<p>${ground}</p>`}`;
}

function prune(nodes: readonly TreeNode[]): TreeNode[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const kept = new Set(nodes.filter(({ kind }) => kind === 'baseline').map(({ id }) => id));
  const best = nodes
    .filter(({ kind }) => kind === 'candidate')
    .sort((a, b) => (b.fitness ?? -1) - (a.fitness ?? -1))
    .slice(0, shown);
  for (const node of best) {
    for (
      let one: TreeNode | undefined = node;
      one && !kept.has(one.id);
      one = one.parentId === null ? undefined : byId.get(one.parentId)
    )
      kept.add(one.id);
  }
  return nodes.filter(({ id }) => kept.has(id));
}
