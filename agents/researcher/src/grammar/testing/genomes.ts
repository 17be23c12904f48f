import { seededRandom } from '@asi/contracts';
import fc from 'fast-check';
import { components } from '../components.ts';
import { draw } from '../draw.ts';
import type { Genome } from '../genome.ts';
import { repair } from '../repair.ts';
import { slots } from '../slots/slots.ts';

/** Drawn genomes, by an integer seed: small ones shrink to small ones only by chance, but replay exactly. */
export const arbitraryGenome: fc.Arbitrary<Genome> = fc
  .nat({ max: 1_000_000 })
  .map((seed) => draw({ random: seededRandom('arbitrary', seed) }).genome);

/** A few genomes that together hold every option of every slot; throws if an option cannot be reached. */
export function coveringGenomes(): Genome[] {
  const covered = new Set<string>();
  const genomes: Genome[] = [];
  for (const slot of slots) {
    for (const { label } of slot.options) {
      if (covered.has(`${slot.name}=${label}`)) continue;
      const genome = genomeWith(slot.name, label);
      genomes.push(genome);
      for (const component of components(genome)) covered.add(component);
    }
  }
  return genomes;
}

function genomeWith(slotName: string, label: string): Genome {
  const slot = slots.find(({ name }) => name === slotName);
  for (let seed = 0; seed < 50; seed++) {
    const { genome } = draw({ random: seededRandom('covering', slotName, label, seed) });
    if (slot === undefined || slot.read(genome) === null) continue;
    const changed = repair(slot.write(genome, label), [slotName]).genome;
    if (slot.read(changed) === label) return changed;
  }
  throw new Error(`no consistent genome has ${slotName}=${label}`);
}
