import { studentQuantile95 } from '@asi/contracts';
import { studentUpperQuantile } from './student.ts';

/**
 * How many standard deviations of the difference one run must lie below the best of so many measured means to be worse than it
 * by more than chance (2.5 %, as on one side of a 95 % interval). The best of several was lucky, so that a run of the same kind
 * lies below it more often than below one that was chosen beforehand: each of them is given an equal share of the 2.5 %
 * (Bonferroni), which is enough however they depend on one another. To lie above the best of several takes no more than above
 * one of them. Infinite below one degree of freedom.
 */
export const quantileBelowBest = (compared: number, degreesOfFreedom: number): number =>
  compared > 1 ? studentUpperQuantile(0.025 / compared, degreesOfFreedom) : studentQuantile95(degreesOfFreedom);
