import { type Reference, referenceOnlyBaselines, studentQuantile95 } from '@asi/contracts';
import { onScale, scale } from './rubric.ts';

export type Performance = {
  readonly score: number;
  /** The baseline whose merit is 10; null where none is so far above DeltaNet, because the noise is the distance. */
  readonly best: string | null;
  /** From DeltaNet, 5, to 10. */
  readonly distance: number;
  /** Whether two runs of one program may differ by more than the distance: so little is known of the noise. */
  readonly isChance: boolean;
};

const smallestDistance = 0.01;

/**
 * Measured merit on the scale of the measured baselines: DeltaNet is 5, the best linear baseline 10, linear between and
 * beyond. Where no baseline is better than DeltaNet by more than the noise, the noise is the distance: a lucky seed is not a ten.
 * No distance is longer than merit itself, however few the runs that the noise is known from.
 */
export function performanceOf(merit: number, { models, baseline, noise }: Reference): Performance {
  const rivals = models.filter(({ name }) => !referenceOnlyBaselines.includes(name));
  const anchor = models.find(({ name }) => name === baseline.name)?.merit ?? 0.5;
  const best = [...rivals].sort((a, b) => b.merit - a.merit)[0];
  // Two runs of one program differ by less than this nineteen times of twenty.
  const noiseOfDifference = studentQuantile95(Math.max(1, noise.degreesOfFreedom)) * Math.SQRT2 * noise.merit;
  const lead = (best?.merit ?? anchor) - anchor;
  const distance = Math.min(1, Math.max(lead, noiseOfDifference, smallestDistance));
  const score = onScale(scale.anchor + ((scale.highest - scale.anchor) * (merit - anchor)) / distance);
  return {
    score,
    best: best && lead === distance ? best.name : null,
    distance,
    isChance: noiseOfDifference > distance,
  };
}
