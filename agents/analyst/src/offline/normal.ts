/** Half-width of a 95 % interval of a normal distribution whose deviation is known, in standard deviations. */
export const normalQuantile95 = 1.96;

/** Standard normal distribution function, by Abramowitz and Stegun 26.2.17 (error below 7.5e-8). */
export function normalProbability(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const polynomial = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
  return z >= 0 ? 1 - tail : tail;
}
