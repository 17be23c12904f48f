import type { Random } from '@asi/contracts';
import { components } from './components.ts';
import type { Genome } from './genome.ts';
import { type Preferences, pickOption, pickWeighted, promiseOf } from './preferences.ts';
import { type Repaired, repair } from './repair.ts';
import { slots } from './slots/slots.ts';

export type MutateOptions = { readonly random: Random; readonly preferences?: Preferences };

/** Small steps are commoner: weights of changing one, two and three slots. */
const stepWeights = [5, 3, 2] as const;
const mostAttempts = 20;

const differs = (a: Genome, b: Genome): boolean => components(a).join() !== components(b).join();

function step(parent: Genome, random: Random, preferences: Preferences): Repaired {
  let genome = parent;
  const changed: string[] = [];
  const count = 1 + pickWeighted(random, stepWeights);
  while (changed.length < count) {
    const open = slots.filter((slot) => !changed.includes(slot.name) && slot.read(genome) !== null);
    const weights = open.map((slot) => promiseOf(slot, slot.read(genome) ?? '', preferences));
    const slot = open[pickWeighted(random, weights)];
    if (slot === undefined) break;
    genome = slot.write(genome, pickOption(random, slot, preferences, [slot.read(genome) ?? '']));
    changed.push(slot.name);
  }
  return repair(genome, changed);
}

/**
 * A consistent neighbour of the parent: one to three slots changed, plus what their repair needs. Never the parent
 * itself. Slots whose alternatives have better estimated effects are changed more often.
 */
export function mutate(parent: Genome, { random, preferences = {} }: MutateOptions): Repaired {
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const child = step(parent, random, preferences);
    if (differs(child.genome, parent)) return child;
  }
  // Repairs undid every attempt; take the first single change that survives.
  for (const slot of slots) {
    for (const { label } of slot.options) {
      const child = repair(slot.write(parent, label), [slot.name]);
      if (differs(child.genome, parent)) return child;
    }
  }
  throw new Error('the grammar has no second genome');
}
