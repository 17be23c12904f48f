import { asRead } from './as-read.ts';
import { nameAsWritten } from './name-as-written.ts';

/**
 * The first task or measure that a text names and that none of what it rests on is about, or null: of it the text would tell an effect
 * that something else was measured for.
 * @param about what is measured of that which the text rests on
 * @param measures all that has a name
 */
export function foreignMeasure(text: string, about: readonly string[], measures: readonly string[]): string | null {
  // Longer ones first: noisy-recall holds recall.
  const names = [...new Set([...about, ...measures])].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(names.map((name) => `(${nameAsWritten(name)})`).join('|'), 'gi');
  for (const [, ...groups] of asRead(text).matchAll(pattern)) {
    const name = names[groups.findIndex((one) => one !== undefined)];
    if (name !== undefined && !about.includes(name)) return name;
  }
  return null;
}
