import { createTwoFilesPatch } from 'diff';

/** The unified diff between two programs; empty when they are equal. */
export function differenceOf(before: string, after: string): string {
  if (before === after) return '';
  return createTwoFilesPatch('before.py', 'after.py', before, after, undefined, undefined, { context: 3 });
}

/** Lines that a diff adds and takes away, together. */
export const changedLines = (difference: string): number =>
  difference.split('\n').filter((line) => /^[+-](?!--|\+\+)/.test(line)).length;
