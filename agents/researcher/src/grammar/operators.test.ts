import { seededRandom } from '@asi/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { baselineGenomes } from './baseline-genomes.ts';
import { components } from './components.ts';
import { crossover } from './crossover.ts';
import { differences } from './differences.ts';
import { draw } from './draw.ts';
import { emit } from './emit.ts';
import { genomeSchema } from './genome.ts';
import { genomeHash } from './genome-hash.ts';
import { mutate } from './mutate.ts';
import { parameterRatio } from './parameters.ts';
import type { Preferences } from './preferences.ts';
import { isConsistent, parameterRange, repair } from './repair.ts';
import { slots } from './slots/slots.ts';
import { arbitraryGenome } from './testing/genomes.ts';

const runs = { numRuns: process.env.ASI_TEST_FULL === '1' ? 2000 : 300 };
const arbitrarySeed = fc.nat({ max: 1_000_000 });
const labels = slots.flatMap((slot) => slot.options.map(({ label }) => `${slot.name}=${label}`));
const arbitraryPreferences: fc.Arbitrary<Preferences> = fc.dictionary(
  fc.constantFrom(...labels),
  fc.double({ min: -0.5, max: 0.5, noNaN: true }),
);

const share = (genomes: ReadonlyArray<readonly string[]>, component: string): number =>
  genomes.filter((labelled) => labelled.includes(component)).length / genomes.length;

describe('every operator', () => {
  test('returns genomes that fit together, obey the schema, and stay near the size of DeltaNet', () => {
    fc.assert(
      fc.property(
        arbitraryGenome,
        arbitraryGenome,
        arbitrarySeed,
        arbitraryPreferences,
        (one, other, seed, preferences) => {
          const random = seededRandom('operators', seed);
          const results = [
            draw({ random, preferences }),
            mutate(one, { random, preferences }),
            crossover(one, other, { random, preferences }),
          ];
          for (const { genome } of results) {
            expect(isConsistent(genome)).toBe(true);
            expect(genomeSchema.parse(genome)).toEqual(genome);
            expect(parameterRatio(genome)).toBeLessThanOrEqual(parameterRange.high);
            expect(parameterRatio(genome)).toBeGreaterThanOrEqual(parameterRange.low);
          }
        },
      ),
      runs,
    );
  });

  test('repeats itself exactly with the same seed', () => {
    fc.assert(
      fc.property(arbitraryGenome, arbitraryGenome, arbitrarySeed, (one, other, seed) => {
        const all = () => {
          const random = seededRandom('same', seed);
          return [draw({ random }), mutate(one, { random }), crossover(one, other, { random })].map(({ genome }) =>
            emit(genome),
          );
        };
        expect(all()).toEqual(all());
      }),
      runs,
    );
  });
});

describe('repair', () => {
  test('mends every change of one slot without losing the change where another fix exists', () => {
    let lost = 0;
    let tried = 0;
    fc.assert(
      fc.property(arbitraryGenome, fc.constantFrom(...slots), arbitrarySeed, (genome, slot, seed) => {
        const label = seededRandom(seed).pick(slot.options).label;
        const changed = slot.write(genome, label);
        const mended = repair(changed, [slot.name]);
        expect(isConsistent(mended.genome)).toBe(true);
        tried++;
        if (slot.read(changed) !== null && slot.read(mended.genome) !== label) lost++;
      }),
      runs,
    );
    expect(lost / tried).toBeLessThan(0.05);
  });

  test('changes nothing of a genome that is consistent, baselines included', () => {
    for (const genome of Object.values(baselineGenomes)) {
      expect(repair(genome)).toEqual({ genome, repaired: [] });
    }
    fc.assert(
      fc.property(arbitraryGenome, (genome) => {
        expect(repair(genome).genome).toEqual(genome);
      }),
      runs,
    );
  });
});

describe('draw', () => {
  test('can reach every option of every slot', () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 2000; seed++) {
      for (const component of components(draw({ random: seededRandom('reach', seed) }).genome)) seen.add(component);
    }
    expect(labels.filter((label) => !seen.has(label))).toEqual([]);
  });

  test('preferences pull a component in or push it out, and exploration keeps the other options alive', () => {
    const drawn = (preferences: Preferences) =>
      Array.from({ length: 600 }, (_, seed) =>
        components(draw({ random: seededRandom('pull', seed), preferences }).genome),
      );
    const plain = share(drawn({}), 'write=delta-2');
    const favoured = share(drawn({ 'write=delta-2': 0.15 }), 'write=delta-2');
    const shunned = share(drawn({ 'write=delta-2': -5 }), 'write=delta-2');
    expect(favoured).toBeGreaterThan(2 * plain);
    expect(favoured).toBeLessThan(0.95);
    expect(shunned).toBeLessThan(plain / 2);
    expect(shunned).toBeGreaterThan(0);
  });
});

const slotNames = slots.map(({ name }) => name);
const ownerOf = (slot: string): string => slotNames.find((name) => slot.startsWith(`${name}-`)) ?? slot;

describe('mutate', () => {
  test('never returns the parent, and leaves most of it alone', () => {
    fc.assert(
      fc.property(arbitraryGenome, arbitrarySeed, (parent, seed) => {
        const { genome, repaired } = mutate(parent, { random: seededRandom('mutate', seed) });
        expect(genomeHash(genome)).not.toBe(genomeHash(parent));
        expect(emit(genome)).not.toBe(emit(parent));
        // Sub-slots, as the width of a convolution, change with the slot that they belong to.
        const owners = differences(parent, genome).map(({ slot }) => ownerOf(slot));
        expect(new Set(owners).size).toBeLessThanOrEqual(3 + new Set(repaired.map(ownerOf)).size);
      }),
      runs,
    );
  });

  test('prefers to replace a component that hurts', () => {
    const parent = baselineGenomes['delta-net'];
    const changedNorm = (preferences: Preferences): number =>
      Array.from({ length: 300 }, (_, seed) => {
        const { genome } = mutate(parent, { random: seededRandom('hurts', seed), preferences });
        return genome.valueMap === parent.valueMap ? 0 : 1;
      }).reduce<number>((sum, one) => sum + one, 0);
    expect(changedNorm({ 'value-map=silu': -0.15 })).toBeGreaterThan(3 * changedNorm({}));
  });
});

describe('crossover', () => {
  test('takes every component from one of the parents, repairs excepted', () => {
    fc.assert(
      fc.property(arbitraryGenome, arbitraryGenome, arbitrarySeed, (one, other, seed) => {
        const { genome, repaired } = crossover(one, other, { random: seededRandom('cross', seed) });
        const inherited = new Set([...components(one), ...components(other)]);
        const foreign = components(genome).filter((component) => !inherited.has(component));
        // A repair that brings a router or convolution brings its sub-slots along.
        const allowed = (component: string): boolean =>
          repaired.some((slot) => component.startsWith(`${slot}=`) || component.startsWith(`${slot}-`));
        expect(foreign.filter((component) => !allowed(component))).toEqual([]);
      }),
      runs,
    );
  });

  test('of a genome with itself is that genome', () => {
    fc.assert(
      fc.property(arbitraryGenome, arbitrarySeed, (genome, seed) => {
        expect(crossover(genome, genome, { random: seededRandom(seed) }).genome).toEqual(genome);
      }),
      { numRuns: 50 },
    );
  });

  test('inherits the better component more often', () => {
    const [one, other] = [baselineGenomes['delta-net'], baselineGenomes['gated-delta-net']];
    const gated = (preferences: Preferences) =>
      Array.from({ length: 400 }, (_, seed) =>
        components(crossover(one, other, { random: seededRandom('inherit', seed), preferences }).genome),
      );
    expect(share(gated({ 'decay=scalar-gated': 0.1 }), 'decay=scalar-gated')).toBeGreaterThan(
      share(gated({}), 'decay=scalar-gated') + 0.1,
    );
  });
});
