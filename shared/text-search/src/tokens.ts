/** Words too common to tell papers apart. */
const common = new Set(
  (
    'a all almost along also ask asked asks an and any are as at be because been before both but by can does each either else even every far few for from had has have how if in into is it its just keep keeps less let lets ' +
    'like made make makes many may more most much must never no none nor not nothing now of off on once one only or other others out over own same several so some ' +
    'something still such than that the their them then there these they this those through to too two under up upon very was well were what when where which while who why will with within without would'
  ).split(' '),
);

/** A word as it stands in a text, and the stem by which it is compared. */
export type Token = { readonly word: string; readonly stem: string };

export const tokensOf = (text: string): Token[] =>
  (text.toLowerCase().match(/[a-z0-9]+/g) ?? [])
    .filter((word) => !common.has(word))
    .map((word) => ({ word, stem: stemOf(word) }));

/** Endings that are taken off, the longest first, where at least three letters remain. */
const endings = [
  'ations',
  'ation',
  'ingly',
  'ings',
  'edly',
  'ments',
  'ment',
  'ness',
  'ing',
  'ies',
  'ed',
  'es',
  'ly',
  's',
  'e',
  'y',
];

/**
 * A crude stem: forms of a word should agree, for readers a stem need not be a word. One ending is taken off, then a
 * doubled last consonant and a final e or y, so that "gate", "gates", "gated" and "gating" meet in "gat".
 */
export function stemOf(word: string): string {
  let stem = word;
  for (const ending of endings) {
    if (word.endsWith(ending) && word.length - ending.length >= 3) {
      stem = word.slice(0, word.length - ending.length);
      break;
    }
  }
  if (stem.length > 3 && /([bdfgklmnprt])\1$/.test(stem)) stem = stem.slice(0, -1);
  return stem.length > 3 ? stem.replace(/[ey]$/, '') : stem;
}
