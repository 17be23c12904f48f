import type { Genome } from './genome.ts';
import { slots } from './slots/slots.ts';

/** The genome as labels `slot=option`, in the order of the slots: what the estimation of effects counts. */
export function components(genome: Genome): string[] {
  return slots.flatMap((slot) => {
    const label = slot.read(genome);
    return label === null ? [] : [`${slot.name}=${label}`];
  });
}
