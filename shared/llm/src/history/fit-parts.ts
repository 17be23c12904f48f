import { asData } from '../prompts/as-data.ts';
import { estimateTokens } from './estimate-tokens.ts';
import { longestPart } from './longest-part.ts';

/** A part of a prompt that may give way when the context is short. */
export type Part = {
  /** What it is, in the words of the prompt and of the record. */
  readonly what: string;
  readonly text: string;
  /** What has less gives way first, of several the first; 0 without it. */
  readonly priority?: number;
  /**
   * It is shortened, and stands between fences under this label whether it is or not. Without this it is left out as a
   * whole, or not at all, and stands as it is given.
   */
  readonly data?: { readonly label: string; readonly keep: 'beginning' | 'end' };
};

export type FittedParts<One extends Part> = {
  /** By place in what was given: the text as it stands in the prompt; empty where the part is left out. */
  readonly texts: readonly string[];
  /** Says in the prompt which parts are left out; empty when none is. */
  readonly note: string;
  readonly left: readonly One[];
  /** What gave way, for the record. */
  readonly remarks: readonly string[];
};

// The empty line between two parts.
const tokensBetween = 2;

const noteOf = (left: readonly Part[]): string =>
  left.length === 0
    ? ''
    : `Left out here, because the prompt was too long: ${left.map(({ what }) => what).join(', ')}.`;

const whole = ({ text, data }: Part): string => (data ? asData(data.label, text) : text);

function shortened({ text, data }: Part, atMost: number): string {
  if (!data) return '';
  const { label, keep } = data;
  const place = keep === 'beginning' ? 'end' : 'beginning';
  const written = (kept: string) =>
    `${kept === '' ? '' : `${asData(label, kept)}\n`}(Left out at the ${place}, because the prompt was too long: ${text.length - kept.length} of ${text.length} characters.)`;
  return written(longestPart(text, keep, (kept) => estimateTokens(written(kept)) <= atMost));
}

/**
 * Makes the parts of a prompt fit into a budget of tokens, those first that matter least, and says in the prompt what was
 * taken away. What is still too long then is left as it is: estimates are high, and the endpoint has the last word.
 *
 * F1: what stands in the prompt, the note included, takes at most `budget` tokens if that can be reached.
 * F2: a part gives way only when all that have less priority, or the same and stand before it, have given way as far as they can.
 * F3: nothing gives way when all of it fits.
 */
export function fitParts<One extends Part>(parts: readonly One[], budget: number): FittedParts<One> {
  const texts = parts.map(whole);
  const tokensAt = (place: number) => estimateTokens(texts[place] ?? '') + tokensBetween;
  const order = parts.map((part, place) => ({ part, place, priority: part.priority ?? 0 }));
  order.sort((a, b) => a.priority - b.priority || a.place - b.place);
  let tokens = parts.reduce((sum, _, place) => sum + tokensAt(place), 0);
  const left: One[] = [];
  const remarks: string[] = [];
  for (const { part, place } of order) {
    const excess = tokens + estimateTokens(noteOf(left)) - budget;
    if (excess <= 0) break;
    const before = tokensAt(place);
    if (part.data) {
      const shorter = shortened(part, before - tokensBetween - excess);
      // A text that is hardly longer than the note about it stays.
      if (estimateTokens(shorter) + tokensBetween >= before) continue;
      texts[place] = shorter;
      tokens += tokensAt(place) - before;
      remarks.push(`the prompt was too long: ${part.what} was shortened`);
    } else {
      texts[place] = '';
      tokens -= before;
      left.push(part);
      remarks.push(`the prompt was too long: ${part.what} was left out`);
    }
  }
  return { texts, note: noteOf(left), left, remarks };
}
