import { seededRandom } from '@asi/contracts';
import { describe, expect, it } from 'vitest';
import { baselineGenomes } from './baseline-genomes.ts';
import { crossover } from './crossover.ts';
import { draw } from './draw.ts';
import type { Genome } from './genome.ts';
import { mutate } from './mutate.ts';
import { isConsistent, repair } from './repair.ts';
import { slots } from './slots/slots.ts';

describe('the repair of genomes', () => {
  it('ends where its rules of size undo each other: a draw that throws would stop the researcher', () => {
    const wide: Genome = {
      ...baselineGenomes['delta-net'],
      heads: 'half',
      keys: 'shared',
      convolution: { kind: 'depthwise', target: 'qkv', width: 8, bias: false },
      normalisation: 'l1',
      valueMap: 'rms',
      decay: { kind: 'vector-gated', rank: 16 },
      write: { kind: 'channel-delta' },
      shortFilter: { kind: 'fir', width: 3 },
      longFilter: { kind: 'fir', width: 32 },
      router: { kind: 'hierarchical', temperature: 'per-head', floor: 0.02 },
    };
    expect(isConsistent(repair(wide).genome)).toBe(true);
  });

  it('finds one for whatever parts are put together', () => {
    const random = seededRandom('any parts');
    for (let i = 0; i < 20_000; i++) {
      let genome: Genome = baselineGenomes['delta-net'];
      for (const slot of slots) genome = slot.write(genome, random.pick(slot.options).label);
      expect(isConsistent(repair(genome).genome)).toBe(true);
    }
  });

  it('finds a consistent genome for every variation: a design that cannot be made would be lost for good', () => {
    const random = seededRandom('repair');
    const genomes: Genome[] = [
      ...Object.values(baselineGenomes),
      ...Array.from({ length: 300 }, () => draw({ random }).genome),
    ];
    for (let i = 0; i < 20_000; i++) {
      const parent = random.pick(genomes);
      const child =
        random.below(4) === 0 ? crossover(parent, random.pick(genomes), { random }) : mutate(parent, { random });
      expect(isConsistent(child.genome)).toBe(true);
      genomes[4 + random.below(300)] = child.genome;
    }
  });
});
