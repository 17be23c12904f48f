import { meanOf, sumOfSquares } from '../noise.ts';
import { studentUpperQuantile } from '../student.ts';
import { leastMeasured, type Merits } from './lift.ts';
import { blockCount, inBlocks } from './partition.ts';

/**
 * Mean merit of the measured candidates with its 95 % interval: Student's t over the means of blocks of consecutive
 * candidates, because neighbours descend from the same parents and single ones would make the interval too narrow (batch
 * means: Schmeiser, "Batch Size Effects in the Analysis of Simulation Output", Operations Research 30, 1982). Null with
 * fewer measured candidates than a comparison needs.
 */
export function meanMerit(merits: Merits): { value: number; low: number; high: number } | null {
  const measured = merits.filter((one) => one !== null);
  if (measured.length < leastMeasured) return null;
  const blocks = blockCount(measured.length);
  const means = inBlocks(measured, blocks).map(meanOf);
  const error = Math.sqrt(sumOfSquares(means) / (blocks - 1) / blocks);
  const value = meanOf(measured);
  const reach = studentUpperQuantile(0.025, blocks - 1) * error;
  return { value, low: Math.max(0, value - reach), high: Math.min(1, value + reach) };
}
