import { seededRandom } from '@asi/contracts';
import { describe, expect, it } from 'vitest';
import { baselineGenomes } from './baseline-genomes.ts';
import { crossover } from './crossover.ts';
import { draw } from './draw.ts';
import type { Genome } from './genome.ts';
import { mutate } from './mutate.ts';
import { isConsistent } from './repair.ts';

describe('the repair of genomes', () => {
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
