import type { ComponentEffect } from '@asi/contracts';
import { describe, expect, it } from 'vitest';
import { baselineGenomes } from '../grammar/baseline-genomes.ts';
import { genomeHash } from '../grammar/genome-hash.ts';
import { effect } from '../testing/effect.ts';
import { designOffline, type OfflineKnowledge } from './design.ts';
import { assignedEffects, preferencesFrom } from './preferences.ts';

const parent = { name: 'delta-net', genome: baselineGenomes['delta-net'], merit: 0.5 };
const partner = { name: 'mamba2', genome: baselineGenomes.mamba2, merit: 0.4 };
const knowledge: OfflineKnowledge = {
  parent,
  isParentVaried: true,
  partners: [partner],
  effects: [],
  learn: 'yes',
};
const effects = [effect('write=delta', 0.2), effect('write=additive', -0.2), effect('decay=none', 0.1)];

describe('the offline mind', () => {
  it('designs the same from the same seed, so that a killed researcher changes nothing', () => {
    for (let draw = 1; draw < 20; draw++)
      expect(designOffline(knowledge, 's', draw)).toEqual(designOffline(knowledge, 's', draw));
  });

  it('predicts nothing of a parent that it could not vary', () => {
    const designed = designOffline({ ...knowledge, isParentVaried: false }, 's', 1);
    expect(designed.prediction).toBeNull();
    expect(designed.components).toEqual(designOffline(knowledge, 's', 1).components);
  });

  it('never hands back a baseline or its own parent as a design', () => {
    const known = Object.values(baselineGenomes).map(genomeHash);
    for (let draw = 0; draw < 300; draw++)
      expect(known).not.toContain(genomeHash(designOffline(knowledge, 'x', draw).genome));
  });

  it('uses mutation, crossing and fresh draws', () => {
    const origins = Array.from({ length: 200 }, (_, draw) => designOffline(knowledge, 'o', draw).origin);
    expect(new Set(origins)).toEqual(new Set(['mutation', 'crossover', 'draw']));
  });

  it('is steered by what was learnt: a component with a large effect is chosen more often', () => {
    const share = (given: readonly ComponentEffect[]) =>
      Array.from({ length: 300 }, (_, draw) =>
        designOffline(
          { ...knowledge, parent: partner, partners: [], effects: given },
          'steer',
          draw,
        ).components.includes('write=delta'),
      ).filter(Boolean).length;
    expect(share(effects)).toBeGreaterThan(2 * share([]));
  });

  it('is not stopped by effects of components that only a language model has named', () => {
    const foreign = [...effects, effect('memory=two-timescale', 0.5)];
    for (let draw = 0; draw < 60; draw++)
      expect(designOffline({ ...knowledge, effects: foreign }, 'f', draw)).toEqual(
        designOffline({ ...knowledge, effects }, 'f', draw),
      );
  });

  it('knows nothing when it may not learn, and the wrong things when the effects are shuffled', () => {
    expect(preferencesFrom(effects, 'no', 's')).toEqual({});
    const shuffled = Array.from({ length: 20 }, (_, i) => preferencesFrom(effects, 'shuffled', String(i)));
    for (const one of shuffled) expect(Object.values(one).sort()).toEqual([-0.2, 0.1, 0.2].sort());
    expect(shuffled.some((one) => one['write=delta'] !== 0.2)).toBe(true);
  });

  it('never separates an effect from its interval, for a point alone is read as sure', () => {
    const wide = effects.map((one) => ({ ...one, low: one.effect - 0.5, high: one.effect + 0.5 }));
    for (const learn of ['yes', 'shuffled'] as const)
      for (const { effect, low, high } of assignedEffects(wide, learn, 'any'))
        expect([low, high]).toEqual([effect - 0.5, effect + 0.5]);
  });
});
