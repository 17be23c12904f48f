/** Cosine of the angle between two vectors of one length; null where the lengths differ, which cannot be compared. */
export function cosine(one: Float32Array, other: Float32Array): number | null {
  if (one.length !== other.length) return null;
  let [dot, oneSquared, otherSquared] = [0, 0, 0];
  for (let at = 0; at < one.length; at++) {
    const [a, b] = [one[at] ?? 0, other[at] ?? 0];
    dot += a * b;
    oneSquared += a * a;
    otherSquared += b * b;
  }
  // A vector without a direction is near to nothing.
  return dot / (Math.sqrt(oneSquared) * Math.sqrt(otherSquared)) || 0;
}
