import { baselineComponents } from '@asi/contracts';
import { expect, test } from 'vitest';
import { baselineGenomes } from '../agents/researcher/src/grammar/baseline-genomes.ts';
import { components } from '../agents/researcher/src/grammar/components.ts';
import type { Genome } from '../agents/researcher/src/grammar/genome.ts';

test('baselines are described in the same words as designs: otherwise effects and distances compare apples with pears', () => {
  const described = Object.entries(baselineGenomes).map(([name, genome]) => [name, components(genome as Genome)]);
  expect(baselineComponents).toEqual(Object.fromEntries(described));
});
