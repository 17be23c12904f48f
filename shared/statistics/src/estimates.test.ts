import { seededRandom } from '@asi/contracts';
import { describe, expect, it } from 'vitest';
import { minimumDetectableEffect, powerOf } from './detectable-effect.ts';
import { fitnessOf } from './fitness.ts';
import { meritNoise } from './merit-noise.ts';
import { meanOf, pooledNoise } from './noise.ts';
import { looksAt, type TestPlan } from './paired-test.ts';
import { combined, differenceBetween, populationOf, shrunkMerit } from './shrinkage.ts';
import { levelOf, looksFor } from './spending.ts';
import { studentTail, studentUpperQuantile } from './student.ts';
import { chanceOfConfirming } from './worth-confirming.ts';

function normalsOf(seed: string): () => number {
  const random = seededRandom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

describe('noise', () => {
  it('is measured within groups and never between them', () => {
    const { deviation, degreesOfFreedom } = pooledNoise([[1, 3], [11, 13], [5], []]);
    expect(deviation).toBeCloseTo(Math.SQRT2);
    expect(degreesOfFreedom).toBe(2);
    expect(pooledNoise([[1], [2]])).toEqual({ deviation: 0, degreesOfFreedom: 0 });
  });
});

describe('the noise of merit from a few runs', () => {
  const scale = { baseline: { languageModelLoss: 1.3, battery: 0.9 }, band: { loss: 0.1, battery: 0.1 } };
  const at = (loss: number, battery: number) => ({ languageModelLoss: 1.3 + loss, battery: 0.9 + battery });

  it('is that of half the sum of its two parts, and no more, where only one of them moves', () => {
    const runs = [at(-0.02, 0), at(0.02, 0)];
    const merits = runs.map((one) => fitnessOf(one, scale, null).merit);
    expect(meritNoise([runs], scale).deviation).toBeCloseTo(pooledNoise([merits]).deviation, 12);
  });

  it('is not nothing where loss and battery cancel in the only two runs: as if they moved independently', () => {
    const runs = [at(-0.02, -0.02), at(0.02, 0.02)];
    const [one] = runs.map((run) => fitnessOf(run, scale, null));
    expect(one?.merit).toBeCloseTo(0.5, 12);
    const part = Math.SQRT2 * ((one?.loss ?? 0) - 0.5);
    expect(meritNoise([runs], scale).deviation).toBeCloseTo((part * Math.SQRT2) / 2, 12);
  });

  it('is as it was measured from four degrees of freedom on', () => {
    const runs = [at(-0.02, -0.02), at(0.02, 0.02), at(-0.02, -0.02), at(0.02, 0.02), at(0, 0)];
    expect(meritNoise([runs], scale)).toMatchObject({ degreesOfFreedom: 4, deviation: expect.closeTo(0, 12) });
  });
});

describe('what is shrunk for selection', () => {
  it('is shrunk by the share of noise of Morris 1983, and is less certain by what is not known of the population', () => {
    // Sample variance 2.5, noise 1: between 1.5, B = (5 - 3)/(5 - 1) x 1/2.5 = 0.2.
    const population = populationOf([0, 1, 2, 3, 4], 1);
    expect(population).toEqual({ size: 5, mean: 2, shrinkage: expect.closeTo(0.2, 12), runVariance: 1 });
    // 0.8 x 4 + 0.2 x 2, and 1 - 0.2 x 4/5 + 2/(5 - 3) x 0.2^2 x (4 - 2)^2.
    expect(shrunkMerit(4, population).mean).toBeCloseTo(3.6, 12);
    expect(shrunkMerit(4, population).variance).toBeCloseTo(1, 12);
  });

  it.each([0, 0.03, 0.1])(
    'is nearly right on average for the best of twelve, whose own number is too high (spread %f)',
    (spread) => {
      const normal = normalsOf(`selection ${spread}`);
      const deviation = 0.03;
      const errors = { raw: [] as number[], shrunk: [] as number[] };
      for (let campaign = 0; campaign < 3000; campaign++) {
        const truths = Array.from({ length: 12 }, () => 0.4 + spread * normal());
        const measured = truths.map((truth) => truth + deviation * normal());
        const best = measured.indexOf(Math.max(...measured));
        const truth = truths[best] ?? 0;
        errors.raw.push((measured[best] ?? 0) - truth);
        errors.shrunk.push(shrunkMerit(measured[best] ?? 0, populationOf(measured, deviation)).mean - truth);
      }
      expect(meanOf(errors.raw)).toBeGreaterThan(0.01);
      // Not nothing, because mu and A are estimated from twelve numbers; a third of the raw error at most.
      expect(Math.abs(meanOf(errors.shrunk))).toBeLessThan(0.35 * meanOf(errors.raw));
      const square = (all: readonly number[]) => meanOf(all.map((one) => one * one));
      expect(square(errors.shrunk)).toBeLessThan(square(errors.raw));
    },
  );

  it('is left alone where there are too few to know a population', () => {
    // Of two, (k - 3)/(k - 1) would be -1 and push them apart.
    expect(populationOf([0.4, 0.6], 0.3)).toMatchObject({ size: 2, shrinkage: 0 });
    const few = populationOf([0.1, 0.5, 0.9], 0.03);
    expect(shrunkMerit(0.9, few)).toEqual({ mean: 0.9, variance: 0.03 ** 2 });
  });

  it('weighs estimates by what they are worth', () => {
    const sum = combined({ mean: 0, variance: 1 }, { mean: 1, variance: 1 / 3 });
    expect(sum.mean).toBeCloseTo(0.75);
    expect(sum.variance).toBeCloseTo(0.25);
    expect(differenceBetween({ mean: 3, variance: 1 }, { mean: 1, variance: 2 })).toEqual({ mean: 2, variance: 3 });
  });

  it('says how likely a test is to show a candidate better than each of the others, by the worst of them', () => {
    const plan: TestPlan = {
      looks: [3, 5, 8],
      level: 0.02,
      noise: { deviation: 0.1, degreesOfFreedom: 8 },
      rule: 'larger-spread',
    };
    const one = { mean: 0.5, variance: 0.01 };
    const [far, near] = [0.1, 0.45].map((mean) => chanceOfConfirming(one, [{ mean, variance: 0.01 }], plan));
    expect(near).toBeLessThan(far ?? 0);
    const both = [0.1, 0.45].map((mean) => ({ mean, variance: 0.01 }));
    expect(chanceOfConfirming(one, both, plan)).toBe(near);
  });

  it('foresees what the test comes to, so that neither hopeless candidates nor none are sent', () => {
    const normal = normalsOf('foreseen');
    for (const [order, effect] of [
      [1, 0.2],
      [10, 0.3],
    ] as const) {
      const noise = { deviation: 0.1, degreesOfFreedom: 8 };
      const plan: TestPlan = { looks: looksFor(8), level: levelOf(order), noise, rule: 'larger-spread' };
      const foreseen = chanceOfConfirming({ mean: effect, variance: 0 }, [{ mean: 0, variance: 0 }], plan);
      const tests = 2000;
      let found = 0;
      for (let test = 0; test < tests; test++) {
        const pairs = Array.from({ length: 8 }, () => effect + Math.SQRT2 * 0.1 * normal());
        if ((looksAt(pairs, plan).at(-1)?.low ?? 0) > 0) found++;
      }
      expect(Math.abs(found / tests - foreseen)).toBeLessThan(0.05);
    }
  });

  it('foresees by the earlier rule what it foresaw, so that a replay sends the same candidates', () => {
    const plan: TestPlan = {
      looks: [3, 5, 8],
      level: 0.02,
      noise: { deviation: 0.1, degreesOfFreedom: 8 },
      rule: 'pooled-spread',
    };
    const needed = studentUpperQuantile(0.02 * (1 - (5 / 8) ** 2), 15) * 0.05;
    const one = { mean: 0.5, variance: 0.01 };
    expect(chanceOfConfirming(one, [{ mean: 0.5 - needed, variance: 0.01 }], plan)).toBeCloseTo(0.5);
  });

  it('sees a greater chance in more seeds, and none where the truth is known to be no better', () => {
    const planOf = (seeds: number): TestPlan => ({
      looks: looksFor(seeds),
      level: 0.02,
      noise: { deviation: 0.1, degreesOfFreedom: 8 },
      rule: 'larger-spread',
    });
    const [few, many] = [4, 32].map((seeds) =>
      chanceOfConfirming({ mean: 0.6, variance: 0.001 }, [{ mean: 0.5, variance: 0.001 }], planOf(seeds)),
    );
    expect(many).toBeGreaterThan((few ?? 1) + 0.3);
    expect(chanceOfConfirming({ mean: 0.5, variance: 0 }, [{ mean: 0.5, variance: 0 }], planOf(8))).toBeLessThan(0.02);
  });
});

describe('the smallest effect that can be seen', () => {
  it('has the power of a test that never errs more than it may', () => {
    for (const v of [1, 2, 8, 100]) {
      const needed = studentUpperQuantile(0.025, v);
      expect(powerOf(0, needed, v)).toBeCloseTo(0.025, 4);
      expect(powerOf(0, 1, v)).toBeCloseTo(studentTail(1, v), 3);
    }
  });

  it.each([
    [8, 1],
    [8, 3],
    [3, 2],
  ])('is found four times in five (%i degrees of freedom, %i runs each)', (degreesOfFreedom, runs) => {
    const normal = normalsOf(`power ${degreesOfFreedom}/${runs}`);
    const deviation = 0.03;
    const effect = minimumDetectableEffect({ deviation, degreesOfFreedom }, runs);
    const needed = studentUpperQuantile(0.025, degreesOfFreedom);
    let found = 0;
    const trials = 20_000;
    for (let trial = 0; trial < trials; trial++) {
      let squares = 0;
      for (let one = 0; one < degreesOfFreedom; one++) squares += (deviation * normal()) ** 2;
      const estimated = Math.sqrt(squares / degreesOfFreedom);
      const difference = effect + deviation * Math.sqrt(2 / runs) * normal();
      if (difference > needed * estimated * Math.sqrt(2 / runs)) found++;
    }
    expect(found / trials).toBeCloseTo(0.8, 1.7);
  });

  it('is not invented where the noise is not known', () => {
    expect(minimumDetectableEffect({ deviation: 0, degreesOfFreedom: 0 }, 1)).toBe(Number.POSITIVE_INFINITY);
  });
});
