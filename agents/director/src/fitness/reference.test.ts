import { fitnessOf, pooledNoise } from '@asi/statistics';
import { describe, expect, it } from 'vitest';
import { sampleMeasurement } from '../testing/samples.ts';
import { baselineRunsOf, referenceFrom } from './reference.ts';

const run = (name: string, languageModelLoss: number, battery: number) => ({
  name,
  measurement: sampleMeasurement({ languageModelLoss, battery }),
});

describe('the reference of a campaign', () => {
  it('measures noise within models and never between them', () => {
    expect(
      pooledNoise([
        [1, 3],
        [11, 13],
      ]).deviation,
    ).toBeCloseTo(Math.sqrt(2));
    expect(pooledNoise([[1], [100]]).deviation).toBe(0);
  });

  it('has a band as wide as the reference models lie apart, so that fitness does not saturate', () => {
    const reference = referenceFrom(
      [run('delta-net', 2, 0.6), run('delta-net', 2.02, 0.6), run('mamba2', 1.5, 0.9)],
      'y',
    );
    expect(reference?.baseline.languageModelLoss).toBeCloseTo(2.01);
    expect(reference?.band.loss).toBeCloseTo(0.51);
    expect(reference?.band.battery).toBeCloseTo(0.3);
    expect(reference?.noise.degreesOfFreedom).toBe(1);
  });

  it('counts no run that a person cancelled after it was measured, as no view does', () => {
    const record = (baseline: string, outcome?: 'completed' | 'cancelled') => ({
      baseline,
      measurement: sampleMeasurement(),
      ...(outcome ? { outcome } : {}),
    });
    const runs = baselineRunsOf([record('delta-net'), record('mamba2', 'completed'), record('gla', 'cancelled')]);
    expect(runs.map(({ name }) => name)).toEqual(['delta-net', 'mamba2']);
  });

  it('never has a band that noise alone could fill', () => {
    const reference = referenceFrom([run('delta-net', 2, 0.5), run('delta-net', 2.2, 0.7)], 'y');
    expect(reference?.band.loss).toBeCloseTo(4 * (reference?.noise.languageModelLoss ?? 0));
  });

  it('knows the noise of merit where candidates are compared: models at the flat ends of merit must not make it small', () => {
    const good = [run('delta-net', 2, 0.6), run('delta-net', 2.05, 0.65), run('delta-net', 2.1, 0.7)];
    const bad = [6, 6.05, 6.1].map((loss) => run('linear-attention', loss, loss - 5.9));
    const reference = referenceFrom([...good, ...bad], 'y');
    if (!reference) throw new Error('these runs suffice');
    const meritsOf = (runs: typeof good) =>
      runs.map(({ measurement }) => fitnessOf(measurement, reference, null).merit);
    // The same seeds move the bad model as much, but its merit stays near 0.
    expect(pooledNoise([meritsOf(bad)]).deviation).toBeLessThan(0.01);
    expect(reference.noise.merit).toBeCloseTo(pooledNoise([meritsOf(good)]).deviation);
  });

  it('does not exist without DeltaNet or without a repeated run, instead of pretending to be exact', () => {
    expect(referenceFrom([run('mamba2', 2, 0.5), run('mamba2', 2.1, 0.5)], 'y')).toBeNull();
    expect(referenceFrom([run('delta-net', 2, 0.5), run('mamba2', 2.1, 0.5)], 'y')).toBeNull();
  });

  it('has no noise of zero because two runs of one model lost in loss what they won in battery', () => {
    const noise = referenceFrom([run('delta-net', 2, 0.6), run('delta-net', 2.1, 0.7)], 'y')?.noise;
    expect(noise?.degreesOfFreedom).toBe(1);
    expect(noise?.merit).toBeGreaterThan(0.1);
  });
});
