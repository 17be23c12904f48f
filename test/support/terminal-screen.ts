/** What a terminal of a size shows after some output, and whether the output kept to it. */
export type TerminalScreen = {
  write(output: string): void;
  /** The visible rows, without spaces at their ends. */
  rows(): string[];
  /** Ways in which the output did not fit: text beyond the last column, a cursor moved above the first row. */
  readonly misfits: readonly string[];
};

// CSI parameters final, OSC ... BEL or ST, two-character escapes, or one character.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the controls of a terminal
const token = /\u001b\[([0-9;?]*)([A-Za-z])|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[=>78]|[\s\S]/gu;

/** The part of a VT100 that programs which redraw lines use; anything else is an error, so that nothing is overlooked. */
export function terminalScreen(columns: number, height: number): TerminalScreen {
  const lines: string[][] = [[]];
  const misfits: string[] = [];
  let [row, column, rest] = [0, 0, ''];
  const top = () => Math.max(0, lines.length - height);
  const lineAt = (index: number): string[] => {
    while (lines.length <= index) lines.push([]);
    return lines[index] ?? [];
  };
  const put = (character: string) => {
    if (column >= columns) misfits.push(`row ${row} goes on behind column ${columns}: ${lineAt(row).join('')}`);
    lineAt(row)[column] = character;
    column++;
  };
  const control = (final: string, text: string) => {
    if (final === 'm' || text.startsWith('?')) return;
    const [amount = 1] = text.split(';').map((part) => (part === '' ? undefined : Number(part)));
    const mode = text === '' ? 0 : Number(text);
    switch (final) {
      case 'A':
        if (row - amount < top())
          misfits.push(`the cursor is moved ${amount} up from row ${row - top()} of the screen`);
        row = Math.max(top(), row - amount);
        return;
      case 'B':
        row += amount;
        lineAt(row);
        return;
      case 'G':
        column = amount - 1;
        return;
      case 'K':
        if (mode === 0) lineAt(row).length = Math.min(column, lineAt(row).length);
        else lineAt(row).length = 0;
        return;
      case 'J':
        if (mode !== 0) throw new Error(`the screen is erased as a whole: CSI ${text}${final}`);
        lineAt(row).length = Math.min(column, lineAt(row).length);
        lines.length = row + 1;
        return;
      default:
        throw new Error(`unknown control sequence: CSI ${text}${final}`);
    }
  };
  return {
    misfits,
    rows: () =>
      lines.slice(top()).map((line) =>
        Array.from(line, (character) => character ?? ' ')
          .join('')
          .trimEnd(),
      ),
    write(output) {
      const text = rest + output;
      // A sequence may be cut between two pieces of output.
      // biome-ignore lint/suspicious/noControlCharactersInRegex: an unfinished sequence
      rest = /\u001b(?:\[[0-9;?]*|\][^\u0007\u001b]*)?$/.exec(text)?.[0] ?? '';
      for (const [all, parameters = '', final] of text.slice(0, text.length - rest.length).matchAll(token)) {
        if (final !== undefined) control(final, parameters);
        else if (all === '\n') lineAt(++row);
        else if (all === '\r') column = 0;
        else if (all >= ' ' && all.length <= 2) put(all);
      }
    },
  };
}
