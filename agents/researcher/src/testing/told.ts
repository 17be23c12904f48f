import {
  analysisSchema,
  catalogue,
  type DataOf,
  designSchema,
  measurementSchema,
  type Reference,
} from '@asi/contracts';
import type { Told } from './scripted-bus.ts';

const hash = 'a'.repeat(64);
const attemptOf = (experimentId: string) => ({ campaignId: 'c001', experimentId, attempt: 1, token: 'token-0001' });

/** A reference with two models, in which one run deviates by 0.04 merit between seeds. */
export const reference: Reference = {
  yardstick: 'y',
  baseline: { name: 'delta-net', languageModelLoss: 1.13, battery: 0.91 },
  band: { loss: 0.2, battery: 0.2 },
  models: (
    [
      ['delta-net', 0.5, { parity: 0.61, 'language-model': 1.13 }],
      ['gated-delta-net', 0.7, { parity: 0.95, 'language-model': 1.05 }],
    ] as const
  ).map(([name, merit, tasks]) => ({
    name,
    seeds: 3,
    languageModelLoss: tasks['language-model'],
    battery: 0.9,
    merit,
    parameters: 17_000,
    flopsPerToken: 40_000,
    tasks,
  })),
  noise: {
    languageModelLoss: 0.01,
    battery: 0.01,
    merit: 0.04,
    tasks: { parity: 0.02, 'language-model': 0.01 },
    degreesOfFreedom: 6,
    method: 'made up for tests',
  },
};

export const referenceTold: Told = {
  definition: catalogue.referenceSet,
  experimentId: null,
  data: { campaignId: 'c001', reference },
};

/** A measurement as an engineer reports it, with the numbers by which the director's entry is recognised. */
export function trainedTold(experimentId: string, parity: number, languageModelLoss: number): Told {
  const measurement = measurementSchema.parse({
    suite: 'cpu-smoke',
    seed: 0,
    tasks: [
      ['parity', 'accuracy', parity],
      ['language-model', 'loss', languageModelLoss],
    ].map(([task, metric, value]) => ({
      task,
      metric,
      value,
      loss: 1,
      standardError: 0.01,
      sequences: 256,
      steps: 150,
      learningRate: 5e-3,
      trainCpuSeconds: 3,
      claimedFinalTrainLoss: 1,
      rawSha256: hash,
    })),
    battery: parity,
    languageModelLoss,
    parameters: { mixer: 17_000, total: 60_000 },
    stateSize: 1024,
    flopsPerToken: 40_000,
    trainTokensPerSecond: 1000,
    peakMemoryBytes: 1e8,
    cpuSeconds: 20,
    startUpSeconds: 2,
    workSeconds: 18,
    trainerVersion: '1',
    isolationTier: 2,
    isolationProof: '',
    runner: 'test',
    rawHash: hash,
    curvesHash: hash,
  });
  return { definition: catalogue.trained, experimentId, data: { ...attemptOf(experimentId), jobId: 'j', measurement } };
}

export function analysedTold(experimentId: string, text: string): Told {
  const analysis = analysisSchema.parse({
    comparisons: [],
    predictionHeld: 'failed',
    text,
    insightIds: [experimentId],
    citations: [{ kind: 'paper', id: '2411.12537', why: 'speaks of reflection' }],
    author: 'analyst/test',
  });
  return { definition: catalogue.analysed, experimentId, data: { ...attemptOf(experimentId), analysis } };
}

export function designedTold(experimentId: string, name: string, motivation: string): Told {
  const design = designSchema.parse({
    name,
    motivation,
    prediction: { direction: 'better', metric: 'merit', size: 0.1, mechanism: 'reflection', confidence: 0.5 },
    programHash: hash,
    genomeHash: null,
    components: ['write=delta'],
    citations: [],
    certificateHash: null,
    parameters: 17_000,
    flopsPerToken: 40_000,
    twinsAvoided: 0,
    certificateFailures: 0,
    author: 'researcher/test',
  });
  const data: DataOf<'designed'> = catalogue.designed.data.parse({
    ...attemptOf(experimentId),
    design,
    program: { kind: 'source', hash, origin: 'foreign' },
  });
  return { definition: catalogue.designed, experimentId, data };
}
