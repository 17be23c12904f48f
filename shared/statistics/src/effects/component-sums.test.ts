import fc from 'fast-check';
import { expect, test } from 'vitest';
import { componentEffects } from './component-effects.ts';
import { createComponentSums, type Observation, observationsOf } from './component-sums.ts';

const noise = { noise: 0.05, degreesOfFreedom: 8 };
const observation = fc.record({
  components: fc.uniqueArray(fc.constantFrom('a=1', 'a=2', 'b=1', 'b=2', 'c=1', 'c=2'), { minLength: 1 }),
  merit: fc.double({ min: 0, max: 1, noNaN: true }),
});

const of = (observations: readonly Observation[]) => {
  const statistics = createComponentSums();
  for (const one of observations) statistics.add(one);
  return statistics;
};

test('sums that were extended equal sums that were made anew, bit for bit: a restarted analyst says the same', () => {
  fc.assert(
    fc.property(fc.array(observation, { maxLength: 20 }), fc.nat(20), (all, cut) => {
      const extended = of(all.slice(0, cut)).copy();
      for (const one of all.slice(cut)) extended.add(one);
      expect(componentEffects(extended, noise)).toEqual(componentEffects(of(all), noise));
    }),
  );
});

test('a copy does not change with its original', () => {
  const original = of([{ components: ['a=1'], merit: 0.5 }]);
  const copy = original.copy();
  original.add({ components: ['a=2', 'b=1'], merit: 0.9 });
  expect([copy.count(0), copy.labels, copy.squares()]).toEqual([1, ['a=1'], 0]);
});

test('results of several campaigns are placed on the scale of the one that asks, and only what tells no measurement keeps its own merit', () => {
  const scale = { baseline: { languageModelLoss: 2, battery: 0.6 }, band: { loss: 0.2, battery: 0.2 } };
  const [components, own] = [['a=1'], 0.9];
  const measured = { languageModelLoss: 2, battery: 0.6 };
  expect(observationsOf([{ components, measured, merit: own }], scale)).toEqual([{ components, merit: 0.5 }]);
  expect(observationsOf([{ components, measured: null, merit: own }], scale)).toEqual([{ components, merit: own }]);
  expect(observationsOf([{ components, measured: null }], scale)).toEqual([]);
  expect(observationsOf([{ components: [], measured, merit: own }], scale)).toEqual([]);
});
