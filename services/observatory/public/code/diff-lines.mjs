/**
 * @typedef {{ kind: 'same', before: number, after: number } | { kind: 'removed', before: number } | { kind: 'added', after: number }} Edit
 */

/**
 * The shortest edit script between two lists of lines (Myers 1986, "An O(ND) difference algorithm and its variations",
 * section 2, greedy form). Line numbers count from 0.
 * @param {readonly string[]} before
 * @param {readonly string[]} after
 * @returns {Edit[]}
 */
export function diffLines(before, after) {
  const most = before.length + after.length;
  /** @type {Map<number, number>} furthest x on each diagonal */
  let furthest = new Map([[1, 0]]);
  const history = [];
  for (let distance = 0; distance <= most; distance++) {
    history.push(new Map(furthest));
    for (let diagonal = -distance; diagonal <= distance; diagonal += 2) {
      const below = furthest.get(diagonal - 1) ?? -1;
      const above = furthest.get(diagonal + 1) ?? -1;
      let x = diagonal === -distance || (diagonal !== distance && below < above) ? above : below + 1;
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x++;
      furthest.set(diagonal, x);
      if (x >= before.length && x - diagonal >= after.length) return backtrack(history, before.length, after.length);
    }
    furthest = new Map(furthest);
  }
  return [];
}

/**
 * @param {ReadonlyArray<Map<number, number>>} history
 * @param {number} beforeLength
 * @param {number} afterLength
 * @returns {Edit[]}
 */
function backtrack(history, beforeLength, afterLength) {
  /** @type {Edit[]} */
  const edits = [];
  let x = beforeLength;
  let y = afterLength;
  for (let distance = history.length - 1; distance >= 0; distance--) {
    const furthest = history[distance] ?? new Map();
    const diagonal = x - y;
    const below = furthest.get(diagonal - 1) ?? -1;
    const above = furthest.get(diagonal + 1) ?? -1;
    const down = diagonal === -distance || (diagonal !== distance && below < above);
    const fromX = distance === 0 ? 0 : down ? above : below;
    const fromY = distance === 0 ? 0 : fromX - (down ? diagonal + 1 : diagonal - 1);
    while (
      x > fromX &&
      y > fromY &&
      x > 0 &&
      y > 0 &&
      !(distance > 0 && x === (down ? fromX : fromX + 1) && y === (down ? fromY + 1 : fromY))
    ) {
      edits.push({ kind: 'same', before: --x, after: --y });
    }
    if (distance === 0) break;
    if (down) edits.push({ kind: 'added', after: --y });
    else edits.push({ kind: 'removed', before: --x });
  }
  return edits.reverse();
}
