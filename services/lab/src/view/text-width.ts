import { stripVTControlCharacters } from 'node:util';

export { printable, printableLines } from '@asi/contracts';

/** Columns that a text takes, escape sequences apart. Our texts hold no wide characters but those of names, which are cut. */
export const widthOf = (text: string): number => [...stripVTControlCharacters(text)].length;

/** Cut to a width, with an ellipsis; for texts without escape sequences. */
export function fit(text: string, width: number): string {
  const letters = [...text];
  if (letters.length <= width) return text;
  return width <= 1 ? letters.slice(0, Math.max(0, width)).join('') : `${letters.slice(0, width - 1).join('')}…`;
}

/** Cuts a line that may hold escape sequences to a width. */
export function fitLine(line: string, width: number): string {
  if (widthOf(line) <= width) return line;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences of paint.ts
  const parts = line.split(/(\u001b\[\d+m)/);
  let left = width;
  return parts
    .map((part) => {
      if (part.startsWith('\u001b[')) return part;
      const kept = fit(part, left);
      left -= widthOf(kept);
      return kept;
    })
    .join('');
}
