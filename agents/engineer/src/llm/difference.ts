import { createTwoFilesPatch, diffLines } from 'diff';

/** The unified diff between two programs; empty when they are equal. */
export function differenceOf(before: string, after: string): string {
  if (before === after) return '';
  return createTwoFilesPatch('before.py', 'after.py', before, after, undefined, undefined, { context: 3 });
}

/**
 * Lines that are added and taken away, together; null where they are more than `most`. Without a limit two programs that have
 * nothing in common take time by the square of their lengths.
 */
export function changedLines(before: string, after: string, most: number): number | null {
  const parts = diffLines(before, after, { maxEditLength: most });
  return parts?.filter(({ added, removed }) => added || removed).reduce((sum, { count }) => sum + count, 0) ?? null;
}
