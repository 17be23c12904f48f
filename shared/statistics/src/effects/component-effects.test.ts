import { seededRandom } from '@asi/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { denseEffects } from '../testing/dense-regression.ts';
import { componentEffects } from './component-effects.ts';
import { createComponentSums, type Observation } from './component-sums.ts';

const estimated = (observations: readonly Observation[], noise: number) => {
  const statistics = createComponentSums();
  for (const one of observations) statistics.add(one);
  // So many that Student's quantile is the normal one of the slow reference.
  return componentEffects(statistics, { noise, degreesOfFreedom: 1e9 });
};

const observation = fc
  .tuple(
    fc.constantFrom('write=a', 'write=b', 'write=c'),
    fc.constantFrom('decay=x', 'decay=y'),
    fc.constantFrom(null, 'floor=0', 'floor=1'),
    fc.double({ min: 0, max: 1, noNaN: true }),
  )
  .map(
    ([write, decay, floor, merit]): Observation => ({
      components: floor ? [write, decay, floor] : [write, decay],
      merit,
    }),
  );

test('effects from sums are the effects of the whole design matrix', () => {
  fc.assert(
    fc.property(
      fc.array(observation, { minLength: 1, maxLength: 25 }),
      fc.double({ min: 0.005, max: 0.2, noNaN: true }),
      (all, noise) => {
        const fast = estimated(all, noise);
        const slow = denseEffects(all, noise);
        expect(fast.map((one) => [one.component, one.experiments])).toEqual(
          slow.map((one) => [one.component, one.experiments]),
        );
        for (const [i, one] of fast.entries()) {
          expect(one.effect).toBeCloseTo(slow[i]?.effect ?? Number.NaN, 5);
          expect(one.low).toBeCloseTo(slow[i]?.low ?? Number.NaN, 5);
          expect(one.high).toBeCloseTo(slow[i]?.high ?? Number.NaN, 5);
        }
      },
    ),
    { numRuns: 60 },
  );
});

/** A world in which components add up: `truth` per label, seeds deviate by `noise`. */
function world(seed: string, designs: number, truth: Readonly<Record<string, number>>, noise: number): Observation[] {
  const random = seededRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  const slots = new Map<string, string[]>();
  for (const label of Object.keys(truth)) {
    const slot = label.split('=')[0] ?? '';
    slots.set(slot, [...(slots.get(slot) ?? []), label]);
  }
  return Array.from({ length: designs }, () => {
    const components = [...slots.values()].map((options) => random.pick(options));
    return { components, merit: 0.5 + components.reduce((sum, one) => sum + (truth[one] ?? 0), 0) + noise * normal() };
  });
}

const truth = {
  'a=1': 0.08,
  'a=2': -0.08,
  'b=1': 0.03,
  'b=2': -0.03,
  'c=1': 0,
  'c=2': 0,
  'd=1': 0.05,
  'd=2': 0,
  'd=3': -0.05,
};

test('about nineteen of twenty intervals contain the true effect', () => {
  let inside = 0;
  let all = 0;
  for (let repetition = 0; repetition < 60; repetition++) {
    const observations = world(`coverage ${repetition}`, 40, truth, 0.05);
    for (const { component, low, high } of estimated(observations, 0.05)) {
      const rivals = Object.keys(truth).filter((one) => one.split('=')[0] === component.split('=')[0]);
      const used = rivals.map((one) => observations.filter(({ components }) => components.includes(one)).length);
      const total = used.reduce((sum, one) => sum + one, 0);
      const average = rivals.reduce(
        (sum, one, i) => sum + ((used[i] ?? 0) / total) * (truth[one as keyof typeof truth] ?? 0),
        0,
      );
      const effect = truth[component as keyof typeof truth] - average;
      all++;
      if (low <= effect && effect <= high) inside++;
    }
  }
  expect(inside / all).toBeGreaterThan(0.92);
  expect(inside / all).toBeLessThan(0.99);
});

test('in a world without effects hardly any interval excludes zero', () => {
  let claimed = 0;
  let all = 0;
  for (let repetition = 0; repetition < 60; repetition++) {
    const nothing = Object.fromEntries(Object.keys(truth).map((label) => [label, 0]));
    for (const { low, high } of estimated(world(`null ${repetition}`, 30, nothing, 0.05), 0.05)) {
      all++;
      if (low > 0 || high < 0) claimed++;
    }
  }
  expect(claimed / all).toBeLessThan(0.06);
});

test('unexplained differences widen the intervals: components that interact must not look certain', () => {
  const observations = world('interaction', 60, truth, 0.2);
  const trusting = estimated(world('interaction', 60, truth, 0.01), 0.01);
  const doubting = estimated(observations, 0.01);
  const width = (effects: typeof trusting) => (effects[0]?.high ?? 0) - (effects[0]?.low ?? 0);
  expect(width(doubting)).toBeGreaterThan(3 * width(trusting));
});

test('a component without an alternative has no effect: it cannot be told from the mean', () => {
  const effects = estimated(
    [
      { components: ['a=1', 'b=1'], merit: 0.9 },
      { components: ['a=1', 'b=2'], merit: 0.1 },
    ],
    0.01,
  );
  expect(effects.map((one) => one.component)).toEqual(['b=1', 'b=2']);
});

test('the difference of two effects of a slot is the expected difference of two designs', () => {
  const observations = world('differences', 2000, truth, 0.02);
  const effects = new Map(estimated(observations, 0.02).map((one) => [one.component, one.effect]));
  expect((effects.get('d=1') ?? 0) - (effects.get('d=3') ?? 0)).toBeCloseTo(0.1, 1);
  expect((effects.get('a=1') ?? 0) - (effects.get('a=2') ?? 0)).toBeCloseTo(0.16, 1);
});

test('the words of a language model are as many as its designs, and the estimate keeps to those that were tried most', () => {
  const grammar = world('words', 400, truth, 0.05);
  const observations = grammar.map((one, i) => ({ ...one, components: [...one.components, `part=own-${i}`] }));
  const effects = estimated(observations, 0.05);
  expect(effects.length).toBe(200);
  const known = new Map(estimated(grammar, 0.05).map((one) => [one.component, one]));
  for (const { component, effect, experiments } of effects.filter((one) => !one.component.startsWith('part='))) {
    expect(experiments).toBe(known.get(component)?.experiments);
    expect(Math.abs(effect - (known.get(component)?.effect ?? Number.NaN))).toBeLessThan(0.02);
  }
  expect(effects.filter(({ component }) => !component.startsWith('part='))).toHaveLength(known.size);
});

test('a noise that was itself estimated from few seeds makes the intervals as wide as that makes them', () => {
  const sums = createComponentSums();
  for (const one of world('seeds', 12, truth, 0.05)) sums.add(one);
  const width = (degreesOfFreedom: number) => {
    const [first] = componentEffects(sums, { noise: 0.05, degreesOfFreedom });
    return (first?.high ?? 0) - (first?.low ?? 0);
  };
  expect(width(1) / width(1e9)).toBeCloseTo(12.706 / 1.95996, 2);
  expect(width(8) / width(1e9)).toBeCloseTo(2.306 / 1.95996, 2);
});
