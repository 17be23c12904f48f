import { seededRandom } from '@asi/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { relabellings } from './block-permutations.ts';
import { bestLift, leastMeasured, meanLift } from './lift.ts';

const normal = (random: ReturnType<typeof seededRandom>): number =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());

/** Merits of a search in which neighbours are alike: each is pulled to the one before it. */
function search(seed: string, candidates: number, lift: number, alike = 0): number[] {
  const random = seededRandom(seed);
  let last = 0;
  return Array.from({ length: candidates }, () => {
    last = alike * last + Math.sqrt(1 - alike ** 2) * normal(random);
    return 0.5 + lift + 0.1 * last;
  });
}

const repetitions = 250;
const share = (holds: (repetition: number) => boolean): number =>
  Array.from({ length: repetitions }, (_, repetition) => repetition).filter(holds).length / repetitions;
const pair = (repetition: number, lift: number, alike: number, candidates = 24) =>
  [search(`a ${repetition}`, candidates, lift, alike), search(`b ${repetition}`, candidates, 0, alike)] as const;

// 250 repetitions of a true 95 % give fewer than 91 % once in a thousand times.
test.each([
  ['the mean', meanLift, 0],
  ['the mean, neighbours alike', meanLift, 0.4],
  ['the best', bestLift, 0],
  ['the best, neighbours alike', bestLift, 0.4],
] as const)('two arms that think alike are not told apart more often than once in twenty: %s', (_, liftOf, alike) => {
  const holds = share((repetition) => {
    const lift = liftOf(...pair(repetition, 0, alike));
    return lift !== null && lift.low <= 0 && lift.high >= 0;
  });
  expect(holds).toBeGreaterThan(0.91);
});

test('a lift of one standard deviation of the designs is found more often than not, and one below zero as often', () => {
  const found = (lift: number) =>
    share((repetition) => {
      const seen = meanLift(...pair(repetition, lift, 0));
      return seen !== null && (lift > 0 ? seen.low > 0 : seen.high < 0);
    });
  expect(found(0.1)).toBeGreaterThan(0.55);
  expect(found(-0.1)).toBeGreaterThan(0.55);
});

const merits = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: leastMeasured, maxLength: 30 });

test('an interval holds its own difference, and turning the arms round turns it round', () => {
  fc.assert(
    fc.property(merits, merits, (arm, control) => {
      for (const liftOf of [meanLift, bestLift]) {
        const [there, back] = [liftOf(arm, control), liftOf(control, arm)];
        if (!there || !back) throw new Error('eight measured candidates are enough');
        expect(there.low).toBeLessThanOrEqual(there.value + 1e-5);
        expect(there.high).toBeGreaterThanOrEqual(there.value - 1e-5);
        expect(back.value).toBeCloseTo(-there.value, 9);
      }
    }),
    { numRuns: 30 },
  );
});

test('with fewer than eight measured candidates of an arm nothing is said, however many failed', () => {
  const many = search('many', 20, 0);
  const few = [...many.slice(0, leastMeasured - 1), ...Array.from({ length: 20 }, () => null)];
  for (const liftOf of [meanLift, bestLift]) {
    expect(liftOf(few, many)).toBeNull();
    expect(liftOf(many, few)).toBeNull();
  }
});

test('the best are compared at equal numbers, and a candidate without a result takes a place', () => {
  const control = search('control', 10, 0);
  const arm = [...search('arm', 10, 0), 1, 1, 1];
  expect(bestLift(arm, control)).toMatchObject({ candidates: 10 });
  expect(bestLift(arm, control)?.value).toBeLessThan(0.5);
  const late = [null, null, ...control.slice(0, 8).map(() => 0.5), 1];
  expect(bestLift(late, control)?.value).toBeCloseTo(0.5 - Math.max(...control));
});

test('the labelling as it is stands among the relabellings, whether they are all or drawn', () => {
  for (const [own, other] of [
    [4, 4],
    [7, 9],
  ] as const) {
    const labels = relabellings(own, other);
    expect(labels[0]).toEqual(Array.from({ length: own + other }, (_, place) => place < own));
    for (const one of labels) expect(one.filter(Boolean)).toHaveLength(own);
  }
  expect(relabellings(4, 4)).toHaveLength(70);
});

/** The ends of the interval, by trying every shift of a grid on all 70 ways to give four of eight pairs to the arm. */
function byBruteForce(arm: readonly number[], control: readonly number[], of: (merits: readonly number[]) => number) {
  const steps = 4000;
  const ways = Array.from({ length: 256 }, (_, bits) =>
    Array.from({ length: 8 }, (_, pair) => ((bits >> pair) & 1) === 1),
  ).filter((way) => way.filter(Boolean).length === 4);
  const kept = Array.from({ length: 2 * steps + 1 }, (_, step) => (step - steps) / steps).filter((shift) => {
    const merits = [...arm.map((merit) => merit - shift), ...control];
    const difference = (way: readonly boolean[]) =>
      of(merits.filter((_, place) => way[Math.floor(place / 2)])) -
      of(merits.filter((_, place) => !way[Math.floor(place / 2)]));
    const real = of(merits.slice(0, arm.length)) - of(merits.slice(arm.length));
    const all = ways.map(difference);
    const rarity = (isAsFar: (one: number) => boolean) => all.filter(isAsFar).length / all.length;
    return rarity((one) => one >= real - 1e-12) > 0.025 && rarity((one) => one <= real + 1e-12) > 0.025;
  });
  return { low: kept[0] ?? Number.NaN, high: kept.at(-1) ?? Number.NaN, grid: 1 / steps };
}

const mean = (merits: readonly number[]) => merits.reduce((sum, one) => sum + one, 0) / merits.length;
test.each([
  ['the mean', meanLift, mean],
  ['the best', bestLift, (merits: readonly number[]) => Math.max(...merits)],
] as const)(
  'an interval of %s that is told as one of 95 percent is no narrower one: nothing else says how often it holds',
  (_, liftOf, of) => {
    for (const repetition of [1, 2, 3]) {
      const [arm, control] = pair(repetition, 0.05, 0, 8);
      const lift = liftOf(arm, control);
      const { low, high, grid } = byBruteForce(arm, control, of);
      expect(Math.abs((lift?.low ?? 1) - low)).toBeLessThan(1.5 * grid);
      expect(Math.abs((lift?.high ?? 1) - high)).toBeLessThan(1.5 * grid);
    }
  },
);
