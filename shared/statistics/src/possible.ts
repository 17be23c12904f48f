/** Merit, fitness and battery lie in [0, 1], so no distribution of theirs deviates by more than a half (Popoviciu's inequality, 1935). */
const largestDeviation = 0.5;

/** A standard deviation of merit, fitness or battery as it may be told: few seeds can give an estimate that no spread has. */
export const possibleDeviation = (estimate: number): number => Math.min(largestDeviation, estimate);

/** A difference of merit, or an end of its interval, as it may be told: merit lies in [0, 1], so a difference in [-1, 1]. */
export const possibleDifference = (estimate: number): number => Math.max(-1, Math.min(1, estimate));
