import type { Genome } from './genome.ts';
import { slots } from './slots/slots.ts';

/** A slot in which two genomes differ. Null: the part does not exist on that side. */
export type Difference = { readonly slot: string; readonly from: string | null; readonly to: string | null };

/** The slots in which a child differs from its parent, in the order of the slots. */
export function differences(parent: Genome, child: Genome): Difference[] {
  return slots.flatMap((slot) => {
    const [from, to] = [slot.read(parent), slot.read(child)];
    return from === to ? [] : [{ slot: slot.name, from, to }];
  });
}
