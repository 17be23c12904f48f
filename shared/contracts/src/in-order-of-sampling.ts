import type { ExperimentId } from './ids.ts';

/**
 * Compares ids as texts, but numbers in them as numbers: the candidate that was sampled first stands before the other. Numbers are filled
 * up with zeros, so a longer one is the larger; as text c001-10000 would stand before c001-9999.
 */
export function inOrderOfSampling(one: ExperimentId, other: ExperimentId): number {
  const [words, others] = [wordsOf(one), wordsOf(other)] as const;
  const at = words.findIndex((word, index) => word !== others[index]);
  const [word = '', another = ''] = [words[at], others[at]];
  const byLength = isNumber(word) && isNumber(another) ? word.length - another.length : 0;
  return byLength || (one < other ? -1 : one > other ? 1 : 0);
}

const wordsOf = (id: ExperimentId): string[] => id.match(/\d+|\D+/g) ?? [];
const isNumber = (word: string): boolean => /^\d+$/.test(word);
