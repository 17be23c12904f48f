import type { Random } from '@asi/contracts';
import type { Slot } from './slots/slot.ts';

/** Estimated effects on merit, keyed by component label `slot=option`; positive favours the option. Absent means unknown. */
export type Preferences = Readonly<Record<string, number>>;

/** An effect of this size makes an option e times as likely as one without known effect. */
const effectScale = 0.03;
/** Bounds the trust in an estimate: no option is favoured or shunned by more than e^3. */
const largestTilt = 3;
/** Share of draws that ignore effects and priors, so that every option stays reachable whatever was learnt. */
export const explorationFloor = 0.15;

/** Factor on the prior weight of an option with this estimated effect. */
export const tilt = (effect: number): number =>
  Math.exp(Math.max(-largestTilt, Math.min(largestTilt, effect / effectScale)));

/** The effect known of an option, 0 where nothing is known. */
export const effectOf = (preferences: Preferences, slot: string, label: string): number =>
  preferences[`${slot}=${label}`] ?? 0;

/** An index into the weights, with probability proportional to them, mixed with the exploration floor. */
export function pickWeighted(random: Random, weights: readonly number[]): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const share = weights.map((w) => (1 - explorationFloor) * (w / total) + explorationFloor / weights.length);
  let rest = random.next();
  for (const [index, probability] of share.entries()) {
    rest -= probability;
    if (rest < 0) return index;
  }
  return weights.length - 1;
}

/** A label of the slot, by prior weight and preference; never one of those excluded, as long as another is left. */
export function pickOption(random: Random, slot: Slot, preferences: Preferences, excluded: readonly string[]): string {
  const free = slot.options.filter(({ label }) => !excluded.includes(label));
  const options = free.length > 0 ? free : slot.options;
  const weights = options.map(({ label, weight }) => weight * tilt(effectOf(preferences, slot.name, label)));
  return (options[pickWeighted(random, weights)] ?? options[0])?.label ?? '';
}

/** How much a change of this slot promises: its importance, times e to the scaled gain of its best alternative. */
export function promiseOf(slot: Slot, current: string, preferences: Preferences): number {
  const others = slot.options.filter(({ label }) => label !== current);
  const best = Math.max(...others.map(({ label }) => effectOf(preferences, slot.name, label)));
  return slot.importance * tilt(best - effectOf(preferences, slot.name, current));
}
