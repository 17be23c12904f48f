/** The first of each list, then the second of each, and so on; each element once. */
export function interleave<Element>(...lists: ReadonlyArray<readonly Element[]>): Element[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  const inTurn = Array.from({ length: longest }, (_, at) => lists.flatMap((list) => list.slice(at, at + 1))).flat();
  return [...new Set(inTurn)];
}
