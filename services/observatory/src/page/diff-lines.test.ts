import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pageModule } from './page-module.ts';

type Edit =
  | { kind: 'same'; before: number; after: number }
  | { kind: 'removed'; before: number }
  | { kind: 'added'; after: number };
const { diffLines } = await pageModule<{ diffLines(before: string[], after: string[]): Edit[] }>('code/diff-lines.mjs');

/** Length of the longest common subsequence by the textbook table. */
function commonLength(before: readonly string[], after: readonly string[]): number {
  let below = new Array<number>(after.length + 1).fill(0);
  for (let i = before.length - 1; i >= 0; i--) {
    const row = new Array<number>(after.length + 1).fill(0);
    for (let j = after.length - 1; j >= 0; j--) {
      row[j] = before[i] === after[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
    below = row;
  }
  return below[0] ?? 0;
}

const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 14 });

test('a diff gives back both programs, invents nothing, and is the shortest there is', () => {
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const edits = diffLines(before, after);
      const kept = edits.filter((edit) => edit.kind === 'same');
      expect(edits.flatMap((edit) => (edit.kind === 'added' ? [] : [edit.before]))).toEqual([...before.keys()]);
      expect(edits.flatMap((edit) => (edit.kind === 'removed' ? [] : [edit.after]))).toEqual([...after.keys()]);
      for (const edit of kept) expect(before[edit.before]).toBe(after[edit.after]);
      expect(kept).toHaveLength(commonLength(before, after));
    }),
    { numRuns: 500 },
  );
});
