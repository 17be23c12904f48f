import { decimal, measured } from './effect-words.ts';

/** What stands in a text for the names of other designs, before it is looked at. */
const another = 'another design';

/** The text with one phrase for every name of another design, however people write it: `delta-net` is also DeltaNet and Delta Net. */
export function withoutNames(text: string, others: readonly string[]): string {
  // Longer ones first: gated-delta-net holds delta-net.
  const names = [...others].sort((a, b) => b.length - a.length).map(asWritten);
  return names.length === 0
    ? text
    : text.replaceAll(new RegExp(String.raw`(?<![\w-])(?:${names.join('|')})(?![\w-])`, 'gi'), another);
}

const asWritten = (name: string): string =>
  name
    .split(/[\s_-]+|(?<=[a-z])(?=\d)/i)
    .map((word) => word.replaceAll(/[^\w]/g, String.raw`\$&`))
    .join(String.raw`[\s_-]?`);

const name = String.raw`\b(?:${another}|(?:grand)?parent|sibling|baseline)(?:['’]s)?`;
/** So few words lie between a name and a figure that belongs to it; before a name stands what makes the figure its own. */
const after = String.raw`(?:[\s,:=(]+[a-z'’-]+){0,4}[\s,:=(]+`;
const before = String.raw`(?:\s?\(|,?\s(?:for|in|of|by|with|from|at)\s)(?:the |its )?`;
const beside = new RegExp(String.raw`${name}${after}${decimal}|(?<![\w.])${decimal}${before}${name}\b`, 'i');
const figure = new RegExp(String.raw`(?<![\w.-])${decimal}(?![\w-])`, 'g');
/** Words that stand together, as in *recall accuracy* or *accuracy on parity*, are one quantity. */
const quantity = new RegExp(`${measured}(?:(?: (?:on|in|of|for|at))?(?: the)? ${measured})*`, 'gi');

/**
 * What in a sentence tells a result of another design: a figure beside its name, or more figures than quantities, so that two stand
 * beside one another for the same. Either way a reader takes a difference whose noise nobody looked at. Null: nothing.
 * @param sentence as `withoutNames` gives it, and without settings and other numbers that are no results
 */
export function figureOfAnother(sentence: string): string | null {
  const found = beside.exec(sentence);
  if (found) return found[0];
  const figures = sentence.match(figure) ?? [];
  const quantities = new Set(sentence.match(quantity)?.map((words) => words.toLowerCase().split(' ').at(-1))).size;
  return quantities > 0 && figures.length > quantities ? figures.slice(0, quantities + 1).join(' and ') : null;
}
