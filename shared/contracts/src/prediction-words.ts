import type { Prediction } from './experiment.ts';

/** What was predicted, as the middle of a sentence: `better than its parent by 0.050 merit`. */
export const predictionWords = ({ direction, size }: Pick<Prediction, 'direction' | 'size'>): string =>
  direction === 'same' ? 'the same merit as its parent' : `${direction} than its parent by ${size.toFixed(3)} merit`;
