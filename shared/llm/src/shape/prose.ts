import { z } from 'zod';
import { isInOtherLanguage } from './other-languages.ts';

export type ProseLimits = { readonly least?: number; readonly most?: number };

// Of its letters; formulas have some of their own.
const leastShareOfLatin = 0.8;

/**
 * A text for people, in English: it is searched, compared and shown beside texts in English, where one in another language
 * would be found by nothing, and checked by words that are English. Lengths (in characters) are checked by us and not by the endpoint, because strict structured
 * output knows no length of a text.
 */
export const prose = ({ least = 1, most = Number.POSITIVE_INFINITY }: ProseLimits = {}) =>
  z
    .string()
    .refine((text) => text.trim().length >= least, `at least ${least} characters are needed`)
    .refine((text) => text.length <= most, `at most ${most} characters`)
    .refine((text) => isOfLatinLetters(text) && !isInOtherLanguage(text), 'must be written in English');

function isOfLatinLetters(text: string): boolean {
  const letters = text.match(/\p{L}/gu) ?? [];
  const known = letters.filter((letter) => /[\p{Script=Latin}\p{Script=Greek}\p{Script=Common}]/u.test(letter));
  return known.length >= leastShareOfLatin * letters.length;
}
