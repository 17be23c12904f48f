// Soft hyphens, spaces of no width, joiners, marks of direction: between the letters of a word they hide it from a search.
const invisible = /\p{Default_Ignorable_Code_Point}|\p{Cf}|(?!\s)\p{Cc}/gu;
// Of Markdown; within a word they are no emphasis: noisy_recall, 2*d.
const emphasis = /(?<![\p{L}\d])[_*]+|[_*]+(?![\p{L}\d])/gu;

/** A text as people and models read it: without what is not seen, in the usual form of letters and digits, and without emphasis. */
export const asRead = (text: string): string =>
  text.normalize('NFKC').replaceAll(invisible, '').replaceAll(emphasis, '');
