export type Span = { readonly start: number; readonly end: number };

/**
 * Where in running text an object of JSON may stand: from a brace that a key or its own end follows, to the one that closes
 * it. An object within another, or within one that never ends, is a part of an answer and none itself. Whether it is JSON is
 * for the parser to say.
 *
 * Takes time in proportion to the text, also where braces are left open by the thousand: what stands within a failed try is
 * not tried again; and of two tries that pass one place, one is within a string and the other is not, until a backslash
 * ends the latter.
 */
export function jsonObjectsIn(text: string): Span[] {
  const spans: Span[] = [];
  const failed = new Set<number>();
  for (let at = text.indexOf('{'); at >= 0; at = text.indexOf('{', at)) {
    const end = failed.has(at) ? null : endOfObject(text, at, failed);
    if (end !== null) spans.push({ start: at, end });
    at = end ?? at + 1;
  }
  return spans;
}

/** Behind the brace that closes the object; null when none does: then all braces that were opened in it are put down as failed. */
function endOfObject(text: string, start: number, failed: Set<number>): number | null {
  if (!beginsObject(text, start)) return null;
  const opened: number[] = [];
  let depth = 0;
  let quoted = false;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (quoted) {
      if (character === '\\') at++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '\\') break;
    else if (character === '{') {
      opened.push(at);
      depth++;
    } else if (character === '}' && --depth === 0) return at + 1;
  }
  for (const brace of opened) failed.add(brace);
  return null;
}

const visible = /\S/g;

function beginsObject(text: string, brace: number): boolean {
  visible.lastIndex = brace + 1;
  const next = visible.exec(text)?.[0];
  return next === '"' || next === '}';
}
