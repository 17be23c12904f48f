/**
 * Values that a text may mean as its answer, the likeliest first: the whole text, what stands in code fences (the last
 * one first, a model ends with its answer), and the first object that stands in the running text. What is not JSON is left out.
 */
export function cutOutJson(text: string): unknown[] {
  // Local models write their reasoning into the answer.
  const said = text.replace(/^[\s\S]*<\/think>/, '').trim();
  const fenced = [...said.matchAll(/^[ \t]*```[a-zA-Z]*[ \t]*\n([\s\S]*?)^[ \t]*```/gm)].map((match) => match[1] ?? '');
  return [said, ...fenced.reverse(), firstObject(said)].flatMap((candidate) => {
    try {
      return [JSON.parse(candidate) as unknown];
    } catch {
      return [];
    }
  });
}

/** From the first brace to the one that closes it; empty when none does. */
function firstObject(text: string): string {
  const start = text.indexOf('{');
  let depth = 0;
  let quoted = false;
  for (let at = start; at >= 0 && at < text.length; at++) {
    const character = text[at];
    if (quoted) {
      if (character === '\\') at++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return text.slice(start, at + 1);
  }
  return '';
}
