import type { LeaderboardRow } from '@asi/reading';
import { counted } from './format.ts';
import { printable } from './text-width.ts';

const named = 12;

type Row = Pick<LeaderboardRow, 'id' | 'flags'>;

/** The mark of a row; nothing where it is not flagged. */
export const flaggedWord = ({ flags }: Pick<Row, 'flags'>): string => (flags && flags.length > 0 ? 'flagged' : '');

/** Which rows are marked as flagged, and by which soft tests; nothing where none is. The best come first. */
export function flaggedText(rows: readonly Row[]): string {
  const flagged = rows.flatMap(({ id, flags }) => (flags && flags.length > 0 ? [{ id, flags }] : []));
  if (flagged.length === 0) return '';
  const tests = Map.groupBy(
    flagged.slice(0, named).flatMap(({ id, flags }) => flags.map((test) => ({ id, test }))),
    ({ test }) => test,
  );
  const told = [...tests].map(([test, of]) => `${printable(test)} (${of.map(({ id }) => id).join(', ')})`);
  const more = flagged.length > named ? `, and those of ${counted(flagged.length - named, 'row')} further down` : '';
  return `A flagged program failed soft tests of its certificate: ${told.join(', ')}${more}; asi show ID has the sentences.`;
}
