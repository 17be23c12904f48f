import type { Analysis, Prediction } from '@asi/contracts';

/** What came of a prediction, as the end of a sentence that begins with "the prediction". */
export function predictionVerdict(
  { direction }: Pick<Prediction, 'direction'>,
  held: NonNullable<Analysis['predictionHeld']>,
): string {
  if (held !== 'undecided') return held;
  return direction === 'same'
    ? 'is undecided: the noise leaves room for a difference'
    : 'is undecided: the difference is inside the noise';
}
