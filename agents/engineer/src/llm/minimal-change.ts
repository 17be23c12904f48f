import { changedLines } from './difference.ts';
import { programInterface } from './program-interface.ts';

const alwaysAllowed = 60;
/** Comparing takes time by the square of what may differ, and a program may have hundreds of thousands of short lines. */
const mostOfAnyProgram = 600;
/** So many lines over the limit are counted: how far over a change is, is told up to there. */
const countedBeyond = 60;

/** Lines that all revisions of a program together may add and take away: half of it, a little in any case, and never very many. */
export const mostChangedLines = (designed: string): number =>
  Math.min(mostOfAnyProgram, Math.max(alwaysAllowed, Math.ceil(designed.split('\n').length / 2)));

/** Why a changed program is more, or less, than a revision may be; null when it is one. */
export function notMinimal(designed: string, before: string, after: string): string | null {
  if (after === before) return 'the edits change nothing';
  if (programInterface(designed) !== programInterface(after))
    return 'the interface is changed: the name of the class and the parameters of its __init__ and forward must stay as they were designed';
  const most = mostChangedLines(designed);
  const counted = most + countedBeyond;
  const lines = changedLines(designed, after, counted);
  return lines === null || lines > most
    ? `${lines ?? `more than ${counted}`} lines differ from the program as it was designed, and ${most} may: change less`
    : null;
}
