/**
 * Standard normal distribution function, to double precision for |x| < 7: 1/2 + density x (x + x^3/3 + x^5/(3 5) + ...)
 * (Marsaglia, "Evaluating the Normal Distribution", Journal of Statistical Software 11(4), 2004).
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (x < -9) return 0;
  if (x > 9) return 1;
  let sum = x;
  let term = x;
  for (let odd = 3; Math.abs(term) > 1e-18 * Math.abs(sum) && odd < 400; odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return Math.min(1, Math.max(0, 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI)));
}
