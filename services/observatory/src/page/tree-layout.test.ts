import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pageModule } from './page-module.ts';

type Node = { id: string; parentId: string | null };
type Placed = { node: Node; column: number; row: number };
const { layoutTree } = await pageModule<{ layoutTree(nodes: Node[]): Placed[] }>('charts/tree-layout.mjs');

/** Parents stand before their children, as the reading gives them. */
const trees = fc
  .array(fc.nat(), { maxLength: 60 })
  .map((draws) =>
    draws.map(
      (draw, index): Node => ({ id: `n${index}`, parentId: index === 0 || draw % 7 === 0 ? null : `n${draw % index}` }),
    ),
  );

test('no two experiments of the tree are drawn over each other, and none is left out', () => {
  fc.assert(
    fc.property(trees, (nodes) => {
      const placed = layoutTree(nodes);
      expect(placed.map(({ node }) => node.id)).toEqual(nodes.map(({ id }) => id));
      const columns = new Map<number, number[]>();
      for (const { column, row } of placed) columns.set(column, [...(columns.get(column) ?? []), row]);
      for (const rows of columns.values()) {
        const sorted = rows.sort((a, b) => a - b);
        for (let i = 1; i < sorted.length; i++)
          expect((sorted[i] ?? 0) - (sorted[i - 1] ?? 0)).toBeGreaterThanOrEqual(1);
      }
    }),
  );
});

test('a lineage of thousands of generations is laid out', () => {
  const nodes = Array.from(
    { length: 5000 },
    (_, index): Node => ({ id: `n${index}`, parentId: index === 0 ? null : `n${index - 1}` }),
  );
  expect(layoutTree(nodes).at(-1)?.column).toBe(4999);
});

test('a node whose parent is not in the tree is a root, not lost', () => {
  expect(layoutTree([{ id: 'a', parentId: 'gone' }])).toHaveLength(1);
});
