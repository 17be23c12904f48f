import type { Random } from '@asi/contracts';
import { components } from './components.ts';
import type { Genome } from './genome.ts';
import { effectOf, type Preferences, pickWeighted, tilt } from './preferences.ts';
import { type Repaired, repair } from './repair.ts';
import { slots } from './slots/slots.ts';

export type CrossoverOptions = { readonly random: Random; readonly preferences?: Preferences };

const mostAttempts = 20;

function combine(first: Genome, second: Genome, random: Random, preferences: Preferences): Genome {
  let child = first;
  for (const slot of slots) {
    const [one, other] = [slot.read(first), slot.read(second)];
    const current = slot.read(child);
    if (current === null) continue;
    // A sub-slot that only one parent has comes from that parent.
    const choices = [one, other].filter((label) => label !== null);
    const weights = choices.map((label) => tilt(effectOf(preferences, slot.name, label)));
    child = slot.write(child, choices[pickWeighted(random, weights)] ?? current);
  }
  return child;
}

/**
 * A consistent child that takes each slot from one of two parents; better estimated effects are inherited more often.
 * Different from both wherever the parents leave room for it. Only repairs bring in what neither parent has.
 */
export function crossover(first: Genome, second: Genome, { random, preferences = {} }: CrossoverOptions): Repaired {
  const parents = [first, second].map((parent) => components(parent).join());
  let child = repair(combine(first, second, random, preferences));
  for (let attempt = 1; attempt < mostAttempts && parents.includes(components(child.genome).join()); attempt++) {
    child = repair(combine(first, second, random, preferences));
  }
  return child;
}
