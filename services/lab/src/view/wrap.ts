import { widthOf } from './text-width.ts';

/**
 * A text broken at spaces into lines of at most `width` columns; the first begins with `label`, the others are indented as
 * far. A word that is longer than a line, as a path, stays whole: it can be copied.
 */
export function wrap(text: string, width: number, label = ''): string[] {
  const indent = ' '.repeat(widthOf(label));
  const lines = [label];
  let begun = false;
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (begun && widthOf(line) + 1 + widthOf(word) > width) lines.push(`${indent}${word}`);
    else lines[lines.length - 1] = begun ? `${line} ${word}` : `${line}${word}`;
    begun = true;
  }
  return lines;
}

/** Lines for a terminal: those that are wider than it are broken at spaces, tables are left as they are. */
export const wrapLines = (lines: readonly string[], width: number): string[] =>
  lines.flatMap((line) => (widthOf(line) > width ? wrap(line, width) : [line]));
