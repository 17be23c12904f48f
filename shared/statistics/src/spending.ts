/** Chance that a laboratory confirms anything that is not better, over its whole life. */
export const familyLevel = 0.05;

const decay = 1.6;
/** Riemann zeta(1.6), so that the shares of all orders add up to 1. */
const sumOfShares = 2.285765666;

/**
 * Level of the confirmation with this place (from 1) in the order of all that the laboratory ever sent to confirmation:
 * alpha x j^-1.6 / zeta(1.6). The levels of all places add up to alpha, so by Bonferroni's inequality the chance of any
 * false confirmation is at most alpha, whatever depends on whatever, and however many come later (alpha-spending:
 * Tian and Ramdas, "Online control of the familywise error rate", Statistical Methods in Medical Research 30(4), 2021;
 * the exponent is theirs).
 */
export function levelOf(order: number, alpha = familyLevel): number {
  if (!(Number.isInteger(order) && order >= 1)) throw new RangeError(`places count from 1, not ${order}`);
  return (alpha * order ** -decay) / sumOfShares;
}

/** Numbers of pairs at which the test looks: about 3/8, 5/8 and all of them, but not before 3. */
export function looksFor(pairs: number): number[] {
  if (!(Number.isInteger(pairs) && pairs >= 1)) throw new RangeError(`a test needs at least one pair, not ${pairs}`);
  const looks = [3 / 8, 5 / 8, 1].map((share) => Math.min(pairs, Math.max(3, Math.ceil(share * pairs))));
  return [...new Set(looks)];
}

/**
 * What each look may spend of the level: level x (t_k^2 - t_{k-1}^2), t = share of the pairs (the power family of Kim and
 * DeMets, Biometrika 74, 1987). Each look's own share is used as its level, so the level holds by Bonferroni's inequality
 * for any joint distribution of the looks, also with an estimated variance.
 */
export function lookLevels(level: number, looks: readonly number[]): number[] {
  const all = looks.at(-1) ?? 1;
  return looks.map((pairs, index) => {
    const before = index === 0 ? 0 : (looks[index - 1] ?? 0);
    return level * ((pairs / all) ** 2 - (before / all) ** 2);
  });
}
