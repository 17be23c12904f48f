import { fit, widthOf } from './text-width.ts';

export type Column = {
  readonly title: string;
  readonly align?: 'right';
  /** The columns with the largest number are left out first when the width does not suffice. 0: never. */
  readonly expendable?: number;
  /** May be cut down to this width before anything is left out. */
  readonly shortest?: number;
  /** How its cells are cut; at their end unless told. */
  readonly cut?: (cell: string, width: number) => string;
};

/** A table of plain text that keeps to a width: long columns are cut, then expendable ones are left out. */
export function textTable(columns: readonly Column[], rows: ReadonlyArray<readonly string[]>, width: number): string[] {
  const gap = 2;
  const natural = columns.map((column, index) =>
    Math.max(widthOf(column.title), ...rows.map((row) => widthOf(row[index] ?? ''))),
  );
  let kept = columns.map((_, index) => index);
  const widths = [...natural];
  const total = () => kept.reduce((sum, index) => sum + (widths[index] ?? 0) + gap, -gap);
  const shrink = () => {
    for (const index of kept) {
      const { shortest } = columns[index] ?? {};
      const excess = total() - width;
      if (shortest === undefined || excess <= 0) continue;
      widths[index] = Math.max(Math.min(shortest, widths[index] ?? 0), (widths[index] ?? 0) - excess);
    }
  };
  shrink();
  while (total() > width) {
    const ranks = kept.map((index) => columns[index]?.expendable ?? 0);
    const most = Math.max(...ranks);
    if (most === 0) break;
    kept = kept.filter((index) => (columns[index]?.expendable ?? 0) !== most);
    for (const index of kept) widths[index] = natural[index] ?? 0;
    shrink();
  }
  const line = (cells: readonly string[]) =>
    kept
      .map((index) => {
        const cell = fitCell(columns[index], cells[index] ?? '', widths[index] ?? 0);
        const padding = ' '.repeat(Math.max(0, (widths[index] ?? 0) - widthOf(cell)));
        return columns[index]?.align === 'right' ? padding + cell : cell + padding;
      })
      .join(' '.repeat(gap))
      .trimEnd();
  return [line(columns.map(({ title }) => title)), ...rows.map(line)];
}

const fitCell = (column: Column | undefined, cell: string, width: number) =>
  widthOf(cell) > width ? (column?.cut ?? fit)(cell, width) : cell;
