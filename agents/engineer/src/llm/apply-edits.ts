import type { Edit } from './answers.ts';

export type Applied = { readonly fits: true; readonly source: string } | { readonly fits: false; readonly why: string };

/** Replaces each text by another, one edit after the other. A text that is not there exactly once is no place to edit. */
export function applyEdits(source: string, edits: readonly Edit[]): Applied {
  let text = source;
  for (const [index, { search, replace }] of edits.entries()) {
    const places = search === '' ? 0 : text.split(search).length - 1;
    if (places !== 1) return { fits: false, why: misfit(index + 1, search, places, index > 0) };
    // Not `replace`, which would read the dollar signs of a program.
    const at = text.indexOf(search);
    text = text.slice(0, at) + replace + text.slice(at + search.length);
  }
  return { fits: true, source: text };
}

function misfit(place: number, search: string, places: number, isLater: boolean): string {
  const after = isLater ? ' after the edits before it' : '';
  if (search === '') return `edit ${place} searches for nothing: give the lines that it takes the place of`;
  return places === 0
    ? `the text that edit ${place} searches for is not in the program${after}: give it letter by letter, with its indentation`
    : `the text that edit ${place} searches for is ${places} times in the program${after}: give more of its surroundings`;
}
