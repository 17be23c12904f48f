import { decimal } from './effect-words.ts';
import { nameAsWritten } from './name-as-written.ts';

/** What stands in a text for the names of other designs, before it is looked at. */
const another = 'another design';

/** The text with one phrase for every name of another design, however people write it. */
export function withoutNames(text: string, others: readonly string[]): string {
  // Longer ones first: gated-delta-net holds delta-net.
  const names = [...others].sort((a, b) => b.length - a.length).map(nameAsWritten);
  return names.length === 0 ? text : text.replaceAll(new RegExp(names.join('|'), 'gi'), another);
}

const name = String.raw`\b(?:${another}|(?:grand)?parent|sibling|baseline)(?:['’]s)?`;
/** So few words lie between a name and a figure that belongs to it; before a name stands what makes the figure its own. */
const after = String.raw`(?:[\s,:=(]+[a-z'’-]+){0,4}[\s,:=(]+`;
const before = String.raw`(?:\s?\(|,?\s(?:for|in|of|by|with|from|at)\s)(?:the |its )?`;
const beside = new RegExp(String.raw`${name}${after}${decimal}|(?<![\w.])${decimal}${before}${name}\b`, 'i');

/**
 * A figure beside the name of another design, of which a reader takes a difference whose noise nobody looked at; null: none.
 * @param sentence as `withoutNames` gives it, and without settings and other numbers that are no results
 */
export const figureOfAnother = (sentence: string): string | null => beside.exec(sentence)?.[0] ?? null;
