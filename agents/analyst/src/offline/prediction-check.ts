import { type Analysis, type Prediction, sameMerit } from '@asi/contracts';
import { differenceReach, type MeritNoise } from './comparisons.ts';

/**
 * Whether the prediction held, against the parent's measured merit. Its 95 % interval decides: wholly among differences
 * that count as none, the design is the same; wholly on one side of zero, it is better or worse; anything else is
 * undecided. So an interval that is wider than what `same` speaks of confirms nothing, however close to zero it lies
 * (equivalence has to be shown as well: Schuirmann, J. Pharmacokinet. Biopharm. 15, 1987). Null when nothing was predicted.
 */
export function checkPrediction(
  prediction: Prediction | null,
  merit: number,
  parentMerit: number | null,
  noise: MeritNoise,
): Analysis['predictionHeld'] {
  if (!prediction) return null;
  if (parentMerit === null) return 'undecided';
  const difference = merit - parentMerit;
  const reach = differenceReach(noise);
  const none = prediction.direction === 'same' ? Math.max(sameMerit, prediction.size) : sameMerit;
  if (Math.abs(difference) + reach <= none) return prediction.direction === 'same' ? 'held' : 'failed';
  if (!(Math.abs(difference) > reach)) return 'undecided';
  return prediction.direction === (difference > 0 ? 'better' : 'worse') ? 'held' : 'failed';
}
