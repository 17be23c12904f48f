import { attemptTokenOf, campaignSettingsSchema, type ExperimentId, type Measurement } from '@asi/contracts';
import type { ExperimentContext, Stage } from '../experiment/context.ts';

/** A context as sampling makes it, for tests. */
export function sampleContext(change: Partial<ExperimentContext> = {}): ExperimentContext {
  const settings = campaignSettingsSchema.parse({});
  return {
    experimentId: 'c001-0001' as ExperimentId,
    campaignId: 'c001' as ExperimentContext['campaignId'],
    campaignNumber: 1,
    kind: 'candidate',
    ordinal: 1,
    name: 'candidate 1',
    baseline: null,
    seed: 0,
    designSeed: '1/1/1',
    parent: {
      experimentId: 'c001-b01' as ExperimentId,
      name: 'delta-net',
      baseline: 'delta-net',
      programHash: null,
      genomeHash: null,
      components: [],
      motivation: '',
      merit: null,
      fitness: null,
      languageModelLoss: null,
      battery: null,
    },
    references: [],
    horizon: 0,
    yardstick: 'cpu-smoke/v/e',
    terms: { ...settings, evaluationSeed: 'e' },
    sampledAt: '2026-01-01T00:00:00.000Z',
    attempts: { design: 0, training: 0, judging: 0, analysing: 0 },
    losses: 0,
    gateIndex: 0,
    design: null,
    program: null,
    measurement: null,
    assessment: null,
    judgement: null,
    analysis: null,
    fitness: null,
    reason: null,
    ...change,
  };
}

const hash = 'a'.repeat(64) as Measurement['rawHash'];

export function sampleMeasurement(change: Partial<Measurement> = {}): Measurement {
  return {
    suite: 'cpu-smoke',
    seed: 0,
    tasks: [
      {
        task: 'parity',
        metric: 'accuracy',
        value: 0.6,
        loss: 0.6,
        standardError: 0.01,
        sequences: 64,
        steps: 10,
        learningRate: 0.005,
        trainCpuSeconds: 1,
        claimedFinalTrainLoss: 0.6,
        rawSha256: hash,
      },
    ],
    battery: 0.6,
    languageModelLoss: 2,
    parameters: { mixer: 16000, total: 60000 },
    stateSize: 2048,
    flopsPerToken: 100000,
    trainTokensPerSecond: 10000,
    peakMemoryBytes: 1,
    cpuSeconds: 1,
    startUpSeconds: 1,
    workSeconds: 1,
    trainerVersion: 'v',
    isolationTier: 0,
    isolationProof: 'p',
    runner: 'r',
    rawHash: hash,
    curvesHash: hash,
    ...change,
  };
}

export const sampleDesign: NonNullable<ExperimentContext['design']> = {
  name: 'delta-with-gate',
  motivation: 'because',
  prediction: { direction: 'better', metric: 'merit', size: 0.1, mechanism: 'a gate forgets', confidence: 0.5 },
  programHash: hash,
  genomeHash: hash,
  components: ['write=delta', 'decay=scalar-gated'],
  citations: [],
  certificateHash: hash,
  parameters: 16000,
  flopsPerToken: 100000,
  nearest: null,
  twinsAvoided: 0,
  certificateFailures: 0,
  author: 'test',
};

export const sampleProgram: NonNullable<ExperimentContext['program']> = { kind: 'source', hash, origin: 'grammar' };

export const sampleRevision: NonNullable<ExperimentContext['revisions']>[number] = {
  programHash: 'b'.repeat(64) as Measurement['rawHash'],
  diffHash: 'c'.repeat(64) as Measurement['rawHash'],
  reason: 'the state was read before it was made',
  cause: { code: 'crashed', message: 'The program raised NameError.', evidenceHash: hash },
  calls: ['call-1', 'call-2'],
  certificateHash: 'd'.repeat(64) as Measurement['rawHash'],
  parameters: 16100,
  flopsPerToken: 90000,
};

export const tokenOf = (context: ExperimentContext, stage: Stage, attempt = 1) =>
  attemptTokenOf(context.experimentId, stage, attempt);
