/** Standard deviation of one run between seeds, and how well it is known. */
export type Noise = { readonly deviation: number; readonly degreesOfFreedom: number };

/**
 * Pooled within-group standard deviation: sqrt( sum over groups of squared deviations from the group's mean / (runs -
 * groups) ). Zero with zero degrees of freedom when no group has two values.
 */
export function pooledNoise(groups: ReadonlyArray<readonly number[]>): Noise {
  let squares = 0;
  let degreesOfFreedom = 0;
  for (const group of groups) {
    if (group.length === 0) continue;
    squares += sumOfSquares(group);
    degreesOfFreedom += group.length - 1;
  }
  return { deviation: degreesOfFreedom === 0 ? 0 : Math.sqrt(squares / degreesOfFreedom), degreesOfFreedom };
}

export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Sum of squared deviations from the mean. */
export function sumOfSquares(values: readonly number[]): number {
  const center = meanOf(values);
  return values.reduce((sum, value) => sum + (value - center) ** 2, 0);
}
