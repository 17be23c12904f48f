import type { Tree, TreeNode } from '@asi/reading';
import { flaggedWord } from './flagged-text.ts';
import { fixed } from './format.ts';
import type { Paint } from './paint.ts';
import { stateWords } from './state-words.ts';
import { printable } from './text-width.ts';

/**
 * The tree with one node a line; children in the order of sampling.
 * @param atWork whether somebody advances what is under way
 */
export function treeText({ nodes }: Tree, paint: Paint, atWork: boolean): string[] {
  if (nodes.length === 0) return ['the tree is empty: nothing is finished yet'];
  const children = new Map<string | null, TreeNode[]>();
  for (const node of nodes) children.set(node.parentId, [...(children.get(node.parentId) ?? []), node]);
  const label = (node: TreeNode) => {
    const name = `${node.id}  ${printable(node.name)}${node.arm === null ? '' : `  [${node.arm}]`}`;
    const fitness = node.fitness === null ? [] : [paint.accent(fixed(node.fitness))];
    // A gate can refuse what was measured: its number without its end would look like one that counts.
    const end = node.state === 'completed' ? [] : [paint.dim(stateWords(node.state, atWork))];
    const flagged = flaggedWord(node);
    return [name, ...fitness, ...end, ...(flagged ? [paint.dim(flagged)] : [])].join('  ');
  };
  const below = (id: string, indent: string): string[] =>
    (children.get(id) ?? []).flatMap((node, index, all) => {
      const last = index === all.length - 1;
      return [`${indent}${last ? '└─ ' : '├─ '}${label(node)}`, ...below(node.id, `${indent}${last ? '   ' : '│  '}`)];
    });
  return (children.get(null) ?? []).flatMap((root) => [label(root), ...below(root.id, '')]);
}
