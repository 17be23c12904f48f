import { fixed, missing, signed } from '../format/numbers.mjs';

/**
 * A difference with its 95 % interval: +0.031 [−0.012, 0.074].
 * @param {{ value: number, low: number, high: number } | null | undefined} difference
 */
export const differenceText = (difference) =>
  difference ? `${signed(difference.value)} [${fixed(difference.low)}, ${fixed(difference.high)}]` : missing;
