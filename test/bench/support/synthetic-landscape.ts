import { baselineComponents, type Random, seededRandom } from '@asi/contracts';
import { slots } from '../../../agents/researcher/src/grammar/slots/slots.ts';

/** True merit of every design of the grammar, in a world of our own making. */
export type Landscape = { merit(components: readonly string[]): number };

export type LandscapeOptions = {
  /** Standard deviation of an option's own effect, on the logit of merit. */
  readonly mainDeviation?: number;
  /** Share of the pairs of slots that interact, and the standard deviation of each pair of options. */
  readonly interactingShare?: number;
  readonly interactionDeviation?: number;
};

/**
 * A random landscape: each option has an effect of its own, some pairs of slots have an effect for each pair of options,
 * and the sum goes through the logistic function, as merit does. DeltaNet is at 1/2. Whether real mixers look like
 * this nobody knows; the defaults spread random designs by about 0.15 of merit, a third of the variance from interactions.
 * The landscape tells whether the feedback can work, not that it does.
 */
export function syntheticLandscape(
  seed: string,
  { mainDeviation = 0.1, interactingShare = 0.2, interactionDeviation = 0.055 }: LandscapeOptions = {},
): Landscape {
  const effect = (deviation: number, ...names: string[]): number => deviation * normal(seededRandom(seed, ...names));
  const partners = new Set<string>();
  const random = seededRandom(seed, 'pairs');
  for (const [i, first] of slots.entries()) {
    for (const second of slots.slice(i + 1)) {
      if (random.next() < interactingShare) partners.add(`${first.name} ${second.name}`);
    }
  }
  const known = new Map<string, number>();
  const remembered = (key: string, make: () => number): number => {
    const value = known.get(key) ?? make();
    known.set(key, value);
    return value;
  };
  const logit = (components: readonly string[]): number => {
    let sum = 0;
    for (const [i, label] of components.entries()) {
      sum += remembered(label, () => effect(mainDeviation, label));
      for (const other of components.slice(i + 1)) {
        if (!partners.has(`${slotOf(label)} ${slotOf(other)}`)) continue;
        sum += remembered(`${label} ${other}`, () => effect(interactionDeviation, label, other));
      }
    }
    return sum;
  };
  const origin = logit(baselineComponents['delta-net'] ?? []);
  return { merit: (components) => 1 / (1 + Math.exp(origin - logit(components))) };
}

const slotOf = (label: string): string => label.slice(0, label.indexOf('='));

/** A standard normal draw (Box and Muller). */
export const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
