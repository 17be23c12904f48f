import { seededRandom } from '@asi/contracts';
import { expect, test } from 'vitest';
import { materialOf, sampleCampaign } from '../testing/index.ts';
import { leaderboardOf } from '../views/leaderboard.ts';
import { noiseOf } from '../views/noise.ts';
import { fitnessNoise } from './fitness-noise.ts';

const { campaign, baselines } = materialOf(sampleCampaign());
const { reference } = campaign;
if (!reference) throw new Error('the sample has a reference');

test('the noise of fitness is that of judged runs: a judge that follows merit adds to it, and is not passed over', () => {
  const random = seededRandom('fitness noise');
  const deviation = 0.05;
  const [first] = baselines;
  if (!first?.judgement) throw new Error('the sample has judged baselines');
  const { judgement } = first;
  const runs = Array.from({ length: 600 }, (_, index) => ({
    ...first,
    // A uniform number whose third part in the fitness has this standard deviation.
    judgement: { ...judgement, total: 5.5 + 27 * deviation * Math.sqrt(12) * (random.next() - 0.5) },
    baseline: `model-${index % 200}`,
  }));
  expect(fitnessNoise(runs, reference, 'composite').deviation).toBeCloseTo(deviation, 2);
});

test('a reused run is on the scale of the campaign that compares with it, whatever fitness it was recorded with', () => {
  const own = fitnessNoise(baselines, reference, 'composite');
  expect(own.deviation).toBeGreaterThan(0);
  const reused = baselines.map((run, index) => ({
    ...run,
    fitness: run.fitness && { ...run.fitness, total: index % 2, merit: index % 2 },
  }));
  expect(fitnessNoise(reused, reference, 'composite')).toEqual(own);
});

test('the leaderboard and the table of noise tell one and the same noise of fitness', () => {
  const all = materialOf(sampleCampaign());
  for (const objective of ['composite', 'merit'] as const) {
    const settings = { ...all.campaign.settings, objective };
    const noisy = all.baselines.map((run, index) => ({
      ...run,
      judgement: run.judgement && { ...run.judgement, total: 1 + 36 * (index % 2) },
    }));
    for (const kept of [noisy, all.baselines, all.baselines.slice(0, 3)]) {
      const material = { ...all, baselines: kept, campaign: { ...all.campaign, settings } };
      const row = noiseOf(material)?.quantities.find(({ name }) => name === 'fitness');
      expect(row?.deviation).toBe(leaderboardOf(material).noise?.fitness);
    }
  }
});

test("it is merit's under the objective merit, and the measured part before two runs of a model are judged", () => {
  const { merit, degreesOfFreedom } = reference.noise;
  expect(fitnessNoise(baselines, reference, 'merit')).toEqual({ deviation: merit, degreesOfFreedom });
  const { deviation } = fitnessNoise(baselines.slice(0, 1), reference, 'composite');
  expect(deviation).toBeCloseTo((2 / 3) * merit);
});
