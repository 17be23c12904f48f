import { type Measurement, type Reference, seededRandom } from '@asi/contracts';
import { expect, test } from 'vitest';
import { pooledNoise } from './noise.ts';
import { weakTasks } from './weak-tasks.ts';

const deviation = 0.05;
const seeds = 3;
const campaigns = 6000;

/** How often a run of the same kind as all baselines is said to lag behind the best of them beyond the noise. */
function shareOfFalseLags(baselines: number): number {
  const random = seededRandom('lags', String(baselines));
  const drawn = (): number =>
    0.5 + deviation * Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  let lags = 0;
  for (let campaign = 0; campaign < campaigns; campaign++) {
    const runs = Array.from({ length: baselines }, () => Array.from({ length: seeds }, drawn));
    const measured = pooledNoise(runs);
    const models = runs.map((values, place) => ({
      name: `baseline-${place}`,
      seeds,
      tasks: { parity: values.reduce((sum, value) => sum + value, 0) / seeds },
    }));
    const noise = { tasks: { parity: measured.deviation }, degreesOfFreedom: measured.degreesOfFreedom };
    const [weakness] = weakTasks(
      { tasks: [{ task: 'parity', metric: 'accuracy', value: drawn() }] } as unknown as Measurement,
      { models, noise } as unknown as Reference,
    );
    if (weakness?.beyondNoise) lags++;
  }
  return lags / campaigns;
}

test.each([1, 3, 6])(
  'a run that is worse than nothing is not said to be, more often than chance is granted, because the best of %i baselines was lucky',
  (baselines) => {
    const share = shareOfFalseLags(baselines);
    expect(share).toBeLessThan(0.03);
    // What allows for too much would find nothing.
    expect(share).toBeGreaterThan(0.01);
  },
);
