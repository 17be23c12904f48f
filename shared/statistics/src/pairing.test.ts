import { seededRandom } from '@asi/contracts';
import { expect, test } from 'vitest';
import { meanOf } from './noise.ts';
import { pairedNoise } from './pairing.ts';

const normalOf = (random: { next(): number }) => () =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());

test('what a seed does to every model alike leaves a paired difference, and is found again from incomplete runs', () => {
  const normal = normalOf(seededRandom('pairing'));
  const variances: number[] = [];
  for (let world = 0; world < 800; world++) {
    const common = [0, 1, 2].map(() => 0.05 * normal());
    const runs = ['a', 'b', 'c', 'd'].flatMap((model, index) =>
      (index < 3 ? [0, 1, 2] : [0, 1]).map((seed) => ({
        model,
        seed,
        value: index + (common[seed] ?? 0) + 0.02 * normal(),
      })),
    );
    const found = pairedNoise(runs);
    expect(found?.degreesOfFreedom).toBe(4);
    variances.push((found?.deviation ?? 0) ** 2);
  }
  expect(Math.sqrt(meanOf(variances))).toBeCloseTo(0.02, 2.8);
});

test('nothing is said of pairs where no two models share two seeds', () => {
  expect(pairedNoise([])).toBeNull();
  expect(
    pairedNoise([
      { model: 'a', seed: 0, value: 1 },
      { model: 'b', seed: 0, value: 2 },
    ]),
  ).toBeNull();
  expect(
    pairedNoise([
      { model: 'a', seed: 0, value: 1 },
      { model: 'a', seed: 1, value: 2 },
    ]),
  ).toBeNull();
});
