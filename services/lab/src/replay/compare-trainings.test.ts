import type { Reference } from '@asi/contracts';
import type { JobOutcome, TrainResult } from '@asi/runner-client';
import { expect, test } from 'vitest';
import { compareTrainings } from './compare-trainings.ts';

const noise: Reference['noise'] = {
  languageModelLoss: 0.01,
  battery: 0.02,
  merit: 0.1,
  tasks: { parity: 0.02 },
  degreesOfFreedom: 8,
  method: 'sample',
};
const result: TrainResult = {
  tasks: [
    {
      task: 'parity',
      metric: 'accuracy',
      value: 0.5,
      loss: Number.NaN,
      standardError: 0.01,
      sequences: 64,
      steps: 10,
      learningRate: 0.003,
      trainCpuSeconds: 1,
      claimedFinalTrainLoss: 0.7,
      rawSha256: 'a',
    },
  ],
  raw: {},
  curves: {},
  battery: 0.5,
  languageModelLoss: 3,
  parameters: { mixer: 10, total: 20 },
  stateSize: null,
  flopsPerToken: 100,
  trainTokensPerSecond: 1,
  inferenceTokensPerSecond: null,
  neighbourCores: null,
  suspectLeak: '',
  peakMemoryBytes: 1,
  cpuSeconds: 1,
  startUpSeconds: 1,
  workSeconds: 1,
  suite: 'cpu-smoke',
  seed: 0,
  trainerVersion: 'one',
};
const ok = (changes: Partial<TrainResult> = {}): JobOutcome => ({
  status: 'ok',
  kind: 'train',
  result: { ...result, ...changes },
});
const compare = (again: JobOutcome) => compareTrainings('c001-0001', ok(), again, noise);

test('a slower machine is no difference, and a loss that diverged in both is none either', () => {
  const slower = ok({ trainTokensPerSecond: 9, cpuSeconds: 9, peakMemoryBytes: 9, workSeconds: 9 });
  expect(compare(slower)).toMatchObject({ differences: [] });
  expect(compare(slower).values).toBeGreaterThan(8);
});

test('the smallest difference is told, with whether two seeds differ as much by chance', () => {
  // 0.01 x sqrt 2 x 2.306 (8 degrees of freedom) = 0.0326.
  expect(compare(ok({ languageModelLoss: 3.03 })).differences).toEqual([
    { experimentId: 'c001-0001', name: 'languageModelLoss', recorded: 3, again: 3.03, withinNoise: true },
  ]);
  expect(compare(ok({ languageModelLoss: 3.035 })).differences).toMatchObject([{ withinNoise: false }]);
  expect(compare(ok({ flopsPerToken: 101 })).differences).toMatchObject([{ name: 'flopsPerToken', withinNoise: null }]);
});

test('a training that fails where it had not is a difference of the outcome, and nothing else is compared', () => {
  const crashed: JobOutcome = { status: 'failed', reason: 'crashed', message: '', evidence: {} };
  expect(compare(crashed).differences).toMatchObject([
    { name: 'outcome', recorded: 'ok', again: 'failed: crashed', withinNoise: null },
  ]);
  expect(compareTrainings('c001-0001', crashed, { ...crashed, message: 'other words' }, noise).differences).toEqual([]);
});
