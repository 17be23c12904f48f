import { seededRandom } from '@asi/contracts';
import { expect, test } from 'vitest';
import { materialOf, sampleCampaign } from '../testing/index.ts';
import { fitnessNoise } from './fitness-noise.ts';

const { campaign, baselines } = materialOf(sampleCampaign());
const { reference } = campaign;
if (!reference) throw new Error('the sample has a reference');

test('the noise of fitness is that of judged runs: a judge that follows merit adds to it, and is not passed over', () => {
  const random = seededRandom('fitness noise');
  const deviation = 0.05;
  const runs = Array.from({ length: 600 }, (_, index) => {
    const run = structuredClone(baselines[0]);
    if (!run?.fitness) throw new Error('the sample has baselines');
    // A uniform number with this standard deviation.
    run.fitness.total = 0.5 + deviation * Math.sqrt(12) * (random.next() - 0.5);
    run.baseline = `model-${index % 200}`;
    return run;
  });
  expect(fitnessNoise(runs, reference, 'composite')).toBeCloseTo(deviation, 2);
});

test("it is merit's under the objective merit, and the measured part before two runs of a model are judged", () => {
  expect(fitnessNoise(baselines, reference, 'merit')).toBe(reference.noise.merit);
  expect(fitnessNoise(baselines.slice(0, 1), reference, 'composite')).toBeCloseTo((2 / 3) * reference.noise.merit);
});
