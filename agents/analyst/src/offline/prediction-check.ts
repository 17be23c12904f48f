import type { Analysis, Prediction } from '@asi/contracts';
import { differenceDeviation } from './comparisons.ts';

/** The difference that decides, in standard deviations of a difference of two runs. */
const beyond = 1.96;

/**
 * Whether the prediction held, against the parent's measured merit. Inside the noise a predicted change is undecided,
 * while a prediction of no change has held as far as can be seen. Null when nothing was predicted.
 */
export function checkPrediction(
  prediction: Prediction | null,
  merit: number,
  parentMerit: number | null,
  noise: number,
): Analysis['predictionHeld'] {
  if (!prediction) return null;
  if (parentMerit === null) return 'undecided';
  const difference = merit - parentMerit;
  const measured =
    Math.abs(difference) <= beyond * differenceDeviation(noise) ? 'same' : difference > 0 ? 'better' : 'worse';
  if (measured === prediction.direction) return 'held';
  return measured === 'same' ? 'undecided' : 'failed';
}
