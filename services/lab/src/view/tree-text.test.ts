import type { TreeNode } from '@asi/reading';
import { expect, test } from 'vitest';
import { paintFor } from './paint.ts';
import { treeText } from './tree-text.ts';

const node = (id: string, state: string, fitness: number | null): TreeNode => ({
  id,
  parentId: null,
  kind: 'candidate',
  name: 'delta',
  campaignId: 'c001',
  ordinal: 1,
  arm: null,
  state,
  fitness,
  merit: fitness,
  flags: null,
  depth: 0,
});

test('what a gate refused after it was measured does not look like a result that counts', () => {
  const lines = treeText(
    {
      campaignId: 'c001',
      nodes: [
        node('c001-0001', 'completed', 0.5),
        node('c001-0002', 'rejected', 0.648),
        node('c001-0003', 'failed', null),
      ],
    },
    paintFor(false, {}),
    true,
  );
  expect(lines).toEqual(['c001-0001  delta  0.500', 'c001-0002  delta  0.648  rejected', 'c001-0003  delta  failed']);
});

test('a program that failed soft tests of its certificate is marked in the tree as it is on the leaderboard', () => {
  const flagged = { ...node('c001-0001', 'completed', 0.5), flags: ['stale values'] };
  const clean = { ...node('c001-0002', 'completed', 0.4), flags: [] };
  expect(treeText({ campaignId: 'c001', nodes: [flagged, clean] }, paintFor(false, {}), true)).toEqual([
    'c001-0001  delta  0.500  flagged',
    'c001-0002  delta  0.400',
  ]);
});
