import { normalCdf, normalQuantile95 } from '@asi/statistics';
import type { MeasuredEffect } from './measured-effects.ts';

/**
 * Probability that the sign of the effect is right. By the reach of the interval towards zero, for that is what the sign is held
 * against: below the best of several the other one is longer.
 */
export const surenessOf = ({ difference, low, high }: Pick<MeasuredEffect, 'difference' | 'low' | 'high'>): number =>
  normalCdf(
    (normalQuantile95 * Math.abs(difference)) / Math.max(difference < 0 ? high - difference : difference - low, 1e-9),
  );
