/** @typedef {import('@asi/reading').TreeNode} TreeNode */

/**
 * The node and its ancestors, oldest first.
 * @param {readonly TreeNode[]} nodes
 * @param {TreeNode | null} selected
 */
export function lineageOf(nodes, selected) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const line = [];
  for (let node = selected; node; node = byId.get(node.parentId ?? '') ?? null) line.unshift(node);
  return line;
}

/**
 * The node with its ancestors and all that descends from it, in the order given.
 * @param {readonly TreeNode[]} nodes parents before children
 * @param {TreeNode} selected
 */
export function familyOf(nodes, selected) {
  const family = new Set(lineageOf(nodes, selected).map((node) => node.id));
  const below = new Set([selected.id]);
  for (const node of nodes) {
    if (node.parentId !== null && below.has(node.parentId)) below.add(node.id);
  }
  return nodes.filter((node) => family.has(node.id) || below.has(node.id));
}
