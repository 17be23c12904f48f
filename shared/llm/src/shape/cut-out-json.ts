import { jsonObjectsIn } from './json-objects-in.ts';

// A model that writes more objects than this into one answer is not looked through for the one that it means.
const mostObjects = 50;
const endOfReasoning = '</think>';

/**
 * Values that a text may mean as its answer, the likeliest first: the whole text, then the objects in it, the last one first,
 * because a model that shows an example or a draft ends with its answer. What is not JSON is left out.
 */
export function cutOutJson(text: string): unknown[] {
  // Local models write their reasoning into the answer; and an answer may speak of the tag.
  const at = text.lastIndexOf(endOfReasoning);
  const said = at < 0 ? text : text.slice(at + endOfReasoning.length);
  const quoting = at < 0 ? [] : jsonObjectsIn(text).filter(({ start, end }) => start < at && end > at);
  const candidates = [
    text,
    ...jsonObjectsIn(said)
      .slice(-mostObjects)
      .reverse()
      .map(({ start, end }) => said.slice(start, end)),
    ...quoting.map(({ start, end }) => text.slice(start, end)),
  ];
  return candidates.flatMap((candidate) => {
    try {
      return [JSON.parse(candidate) as unknown];
    } catch {
      return [];
    }
  });
}
