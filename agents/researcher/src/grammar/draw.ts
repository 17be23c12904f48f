import type { Random } from '@asi/contracts';
import { baselineGenomes } from './baseline-genomes.ts';
import { type Preferences, pickOption } from './preferences.ts';
import { type Repaired, repair } from './repair.ts';
import { slots } from './slots/slots.ts';

/** Options of a random draw: estimated effects that make components more or less likely. */
export type DrawOptions = { readonly random: Random; readonly preferences?: Preferences };

/** A consistent genome drawn at random, every slot by its prior weights and the preferences. */
export function draw({ random, preferences = {} }: DrawOptions): Repaired {
  let genome = baselineGenomes['delta-net'] as Repaired['genome'];
  for (const slot of slots) {
    // Sub-slots follow their slot: where the part they refine was not drawn, they read null.
    if (slot.read(genome) !== null) genome = slot.write(genome, pickOption(random, slot, preferences, []));
  }
  return repair(genome);
}
