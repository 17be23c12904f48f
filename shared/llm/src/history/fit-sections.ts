import { estimateTokens } from './estimate-tokens.ts';

/** A part of a prompt that may be left out. */
export type Section = {
  readonly text: string;
  /** What has less goes first; 0 without it. */
  readonly priority?: number;
};

export type FittedSections<One extends Section> = {
  /** In the order given. */
  readonly kept: readonly One[];
  /** How many were left out, for the prompt and the record to say. */
  readonly dropped: number;
  /** Tokens of what was kept, at most. */
  readonly tokens: number;
};

// The empty line between two sections.
const tokensBetween = 2;

/**
 * Leaves out sections until the rest fits: of least priority first, among equals the first in the list, which is the oldest.
 *
 * F1: what is kept takes at most `budget` tokens.
 * F2: nothing is left out while something of less priority, or equally ranked and older, is kept.
 * F3: nothing more is left out than that demands.
 */
export function fitSections<One extends Section>(sections: readonly One[], budget: number): FittedSections<One> {
  const ranked = sections
    .map((section, place) => ({
      place,
      rank: section.priority ?? 0,
      tokens: estimateTokens(section.text) + tokensBetween,
    }))
    .sort((a, b) => a.rank - b.rank || a.place - b.place);
  let tokens = ranked.reduce((sum, one) => sum + one.tokens, 0);
  let dropped = 0;
  for (; tokens > budget && dropped < ranked.length; dropped++) tokens -= ranked[dropped]?.tokens ?? 0;
  const keptPlaces = new Set(ranked.slice(dropped).map(({ place }) => place));
  return { kept: sections.filter((_, place) => keptPlaces.has(place)), dropped, tokens };
}
