import type { ConfirmationRule } from '@asi/contracts';

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

/** Of the power family: with 3 the last look keeps 76 % of the level after 3 and 5 of 8 pairs, with 2 61 %. */
const powerOfRule = { 'larger-spread': 3, 'pooled-spread': 2 } as const satisfies Record<ConfirmationRule, number>;

/**
 * What each look may spend of the level: level x (t_k^rho - t_{k-1}^rho), t = share of the pairs (the power family of Kim
 * and DeMets, Biometrika 74, 1987). Each look's own share is used as its level, so by Bonferroni's inequality all looks
 * together err with at most the level, for any joint distribution of them, also with an estimated variance, provided that
 * each alone keeps its share: `spreadOfPairs` says for which rule that is so.
 *
 * rho = 3, because a look at 3 pairs with 2 degrees of freedom asks for more than 20 standard errors at these levels and so
 * tells little for what it spends (test/bench/confirmation.ts: 3 to 6 in 100 more truly better programs found than with 2).
 */
export function lookLevels(level: number, looks: readonly number[], rule: ConfirmationRule): number[] {
  const all = looks.at(-1) ?? 1;
  const rho = powerOfRule[rule];
  return looks.map((pairs, index) => {
    const before = index === 0 ? 0 : (looks[index - 1] ?? 0);
    return level * ((pairs / all) ** rho - (before / all) ** rho);
  });
}
