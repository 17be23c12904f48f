import type { Founded } from './check-answer.ts';
import { wholeDesign } from './measured-effects.ts';

const size = (value: number): string => Math.abs(value).toFixed(3);

/** What is founded of a claim, said by code: what the model says of it is a reading, in whatever words. */
export function measuredSentence({ claim: { subject }, effect }: Pick<Founded, 'claim' | 'effect'>): string {
  const { measure, other, difference } = effect;
  const [least, most] = [effect.low, effect.high].sort((a, b) => Math.abs(a) - Math.abs(b)) as [number, number];
  const having = subject === wholeDesign ? '' : `with ${subject} `;
  return `Measured: ${having}${measure} is ${difference > 0 ? 'better' : 'worse'} than ${other} by ${size(difference)} [${size(least)}, ${size(most)}].`;
}
