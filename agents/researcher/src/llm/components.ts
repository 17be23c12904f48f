import { slots } from '../grammar/slots/slots.ts';

const slotOfLabel = (label: string): string => label.split('=')[0] ?? label;

/** A label names a part; what is longer is a sentence, and labels stand in many a list. */
const longestWords = 40;

const asWords = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, longestWords)
    .replace(/-+$/, '');

/** A label as a model wrote it in the form `slot=option`; without a slot it is a `part`. Null when nothing is left. */
function labelOf(written: string): string | null {
  const [slot = '', ...rest] = written.split('=');
  const [name, option] = rest.length > 0 ? [asWords(slot), asWords(rest.join('='))] : ['part', asWords(slot)];
  return name === '' || option === '' ? null : `${name}=${option}`;
}

/**
 * The components of a child: those of its parent, with the named changes in their places. By these labels the effects of
 * components are estimated, so what the model calls by a word of the grammar is counted with the grammar's designs.
 */
export function componentsAfter(parent: readonly string[], changed: readonly string[]): string[] {
  const changes = [...new Set(changed.map(labelOf).filter((label) => label !== null))];
  const replaced = new Set(changes.map(slotOfLabel));
  return [...parent.filter((label) => !replaced.has(slotOfLabel(label))), ...changes];
}

/** Every slot of the grammar with its options: the words in which components are named. */
export const vocabularyText: string = slots
  .map(({ name, options }) => `${name}: ${options.map(({ label }) => label).join(', ')}`)
  .join('\n');
