/**
 * Smallest and largest value; of any number of them, which `Math.min(...values)` does not take.
 * @param {readonly number[]} values
 * @returns {readonly [number, number]}
 */
export function extent(values) {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}
