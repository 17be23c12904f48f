import { incompleteBeta } from './incomplete-beta.ts';

/** P(T > t) of Student's t: I_{v/(v+t^2)}(v/2, 1/2) / 2 for t >= 0 (Abramowitz and Stegun 26.7.1). */
export function studentTail(t: number, degreesOfFreedom: number): number {
  const v = degreesOfFreedom;
  // Of the two equal forms, the one whose argument is not rounded to 1.
  const both =
    t * t < v ? 1 - incompleteBeta((t * t) / (v + t * t), 0.5, v / 2) : incompleteBeta(v / (v + t * t), v / 2, 0.5);
  return t >= 0 ? both / 2 : 1 - both / 2;
}

/** The t that a variable of Student's distribution exceeds with probability `tail`; infinite below one degree of freedom. */
export function studentUpperQuantile(tail: number, degreesOfFreedom: number): number {
  if (!(tail > 0 && tail < 1)) throw new RangeError(`a tail probability lies between 0 and 1, not ${tail}`);
  if (degreesOfFreedom < 1) return tail < 0.5 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  if (tail > 0.5) return -studentUpperQuantile(1 - tail, degreesOfFreedom);
  let low = 0;
  let high = 1;
  while (studentTail(high, degreesOfFreedom) > tail) {
    low = high;
    high *= 2;
  }
  // Bisection on a monotone function: 60 halvings reach double precision, and nothing can go wrong.
  for (let halving = 0; halving < 60; halving++) {
    const middle = (low + high) / 2;
    if (studentTail(middle, degreesOfFreedom) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(F > f) of the variance ratio with (d1, d2) degrees of freedom (Abramowitz and Stegun 26.6.2). */
export const varianceRatioTail = (f: number, d1: number, d2: number): number =>
  incompleteBeta(d2 / (d2 + d1 * f), d2 / 2, d1 / 2);
