/**
 * @template Node
 * @typedef {{ node: Node, column: number, row: number }} Placed
 */

/**
 * A tidy tree: columns are generations, leaves get rows of their own in the order given, a parent stands in the middle of
 * its children. Linear in the number of nodes; no recursion, because lineages can be hundreds long.
 *
 * @template {{ id: string, parentId: string | null }} Node
 * @param {readonly Node[]} nodes parents before children
 * @returns {Array<Placed<Node>>}
 */
export function layoutTree(nodes) {
  const known = new Set(nodes.map((node) => node.id));
  /** @type {Map<string | null, Node[]>} */
  const children = new Map();
  for (const node of nodes) {
    const parent = node.parentId !== null && known.has(node.parentId) ? node.parentId : null;
    const siblings = children.get(parent);
    if (siblings) siblings.push(node);
    else children.set(parent, [node]);
  }
  /** @type {Map<string, Placed<Node>>} */
  const placed = new Map();
  let nextRow = 0;
  const stack = (children.get(null) ?? []).map((node) => ({ node, column: 0, done: false })).reverse();
  while (stack.length > 0) {
    const top = /** @type {{ node: Node, column: number, done: boolean }} */ (stack.pop());
    const below = children.get(top.node.id) ?? [];
    if (below.length > 0 && !top.done) {
      stack.push({ ...top, done: true });
      for (const child of below.toReversed()) stack.push({ node: child, column: top.column + 1, done: false });
      continue;
    }
    const rows = below.map((child) => placed.get(child.id)?.row ?? 0);
    const row = rows.length === 0 ? nextRow++ : ((rows[0] ?? 0) + (rows.at(-1) ?? 0)) / 2;
    placed.set(top.node.id, { node: top.node, column: top.column, row });
  }
  return nodes.flatMap((node) => placed.get(node.id) ?? []);
}
