import { printable } from './text-width.ts';

/** What stands under scores that are not those of the sequences as they are. */
export const suspectLeakWords = (why: string): string =>
  `Suspect leak: ${printable(why)}. The score of such a task is the prefix-only one; no design descends from this program.`;
