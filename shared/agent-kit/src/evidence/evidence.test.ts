import type { Bus } from '@asi/bus';
import { type Fitness, type HistoryEntry, type Measurement, measurementSchema, type Reference } from '@asi/contracts';
import { expect, test } from 'vitest';
import { artifactBody } from './artifact-body.ts';
import { measurementOnRecord } from './measurement-on-record.ts';
import { resultLines } from './result-lines.ts';
import { curveLines } from './training-curves.ts';

const hash = 'a'.repeat(64);
const measured = (battery: number): Measurement =>
  measurementSchema.parse({
    suite: 's',
    seed: 0,
    tasks: [
      {
        task: 'parity',
        metric: 'accuracy',
        value: battery,
        loss: 0.4,
        standardError: 0.01,
        sequences: 1,
        steps: 100,
        learningRate: 1e-3,
        trainCpuSeconds: 1,
        claimedFinalTrainLoss: 'NaN',
        rawSha256: hash,
      },
    ],
    battery,
    languageModelLoss: 2,
    parameters: { mixer: 1, total: 1 },
    stateSize: null,
    flopsPerToken: 1,
    trainTokensPerSecond: 1,
    peakMemoryBytes: 1,
    cpuSeconds: 1,
    startUpSeconds: 1,
    workSeconds: 1,
    trainerVersion: 'v',
    isolationTier: 2,
    isolationProof: '',
    runner: 'r',
    rawHash: hash,
    curvesHash: hash,
  });

const fitness = { merit: 0.5, loss: 0.5, benchmark: 0.5, suspicious: false } as Fitness;
const reference = {
  baseline: { name: 'delta-net', languageModelLoss: 2, battery: 0.5 },
  noise: { merit: 0.05, languageModelLoss: 0.01, battery: 0.01, tasks: {}, degreesOfFreedom: 8 },
  models: [],
} as unknown as Reference;

test('a late answer to an older attempt is not taken for the result of the experiment', async () => {
  const bus = {
    journal: async function* () {
      for (const battery of [0.9, 0.6]) yield { envelope: { data: { measurement: measured(battery) } } };
    },
  } as unknown as Bus;
  const entry = (battery: number | null) =>
    ({ experimentId: 'c001-0001', languageModelLoss: battery && 2, battery }) as HistoryEntry;
  expect((await measurementOnRecord(bus, entry(0.6)))?.battery).toBe(0.6);
  expect(await measurementOnRecord(bus, entry(0.7))).toBeNull();
  expect(await measurementOnRecord(bus, entry(null))).toBeNull();
});

test('a long curve is thinned without losing its ends, and one that diverged is shown as such', () => {
  const points = Array.from({ length: 101 }, (_, step): [number, number] => [step, step === 100 ? Number.NaN : 1]);
  const [line = ''] = curveLines({ parity: points }, measured(0.6));
  expect(line).toMatch(/^parity: 0: 1\.000, .*, 100: NaN; held out after training 0\.400$/);
  expect(line.split(', ')).toHaveLength(9);
});

test('a mixer of constant state is not said to have a growing one because nobody could measure it', () => {
  const stateLine = (stateSize: number | null) =>
    resultLines({ ...measured(0.6), stateSize }, fitness, reference).find((line) => line.includes('state'));
  expect(stateLine(null)).toMatch(/state not told: it grows with the length, or it could not be measured$/);
  expect(stateLine(2048)).toMatch(/state of 2048 elements$/);
});

test('a body that the archive lost is an end with a reason, and not an empty text in a prompt', async () => {
  const bus = { request: async () => ({ body: null, mediaType: '' }) } as unknown as Bus;
  await expect(artifactBody(bus, hash, 'the program')).rejects.toMatchObject({
    kind: 'terminal',
    code: 'artifact-missing',
  });
});
