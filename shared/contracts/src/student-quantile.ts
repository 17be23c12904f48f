const twoSided95 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

/**
 * Half-width of a 95 % interval in standard deviations, when the deviation itself was estimated with this many degrees
 * of freedom (0.975 quantile of Student's t; table to 30, above it the first term of the expansion around 1.96).
 * Infinite below one degree: nothing is known of the noise.
 */
export function studentQuantile95(degreesOfFreedom: number): number {
  if (degreesOfFreedom < 1) return Number.POSITIVE_INFINITY;
  return twoSided95[Math.floor(degreesOfFreedom) - 1] ?? 1.95996 + 2.372 / degreesOfFreedom;
}
