/**
 * The larger of a deviation that was measured with `free` degrees of freedom and what it comes to when it is pooled with
 * another that is known with `knownFreedom`: sqrt((f_k k^2 + f s^2) / (f_k + f)). All in one unit.
 */
export function largerSpread(own: number, known: number, free: number, knownFreedom: number): number {
  const pooled = Math.sqrt((knownFreedom * known ** 2 + free * own ** 2) / (knownFreedom + free));
  return Math.max(own, pooled);
}
