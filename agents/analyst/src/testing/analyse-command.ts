import {
  catalogue,
  type DataOf,
  derivedMessageId,
  type Envelope,
  type HistoryEntry,
  type Measurement,
  type Reference,
} from '@asi/contracts';

const hash = 'a'.repeat(64);

/** A reference with four models and a noise of 0.04 on merit. */
export const reference = (overrides: Partial<Reference> = {}): Reference => ({
  yardstick: 'y',
  baseline: { name: 'delta-net', languageModelLoss: 2.06, battery: 0.8 },
  band: { loss: 0.2, battery: 0.2 },
  models: (
    [
      ['delta-net', 3, 0.5, { parity: 0.65, 'language-model': 2.06 }],
      ['gated-delta-net', 3, 0.7, { parity: 0.61, 'language-model': 1.96 }],
      ['linear-attention', 2, 0.2, { parity: 0.55, 'language-model': 2.21 }],
      ['softmax-attention', 2, 0.65, { parity: 0.99, 'language-model': 2.09 }],
    ] as const
  ).map(([name, seeds, merit, tasks]) => ({
    name,
    seeds,
    merit,
    languageModelLoss: tasks['language-model'],
    battery: 0.8,
    parameters: 17000,
    flopsPerToken: 40000,
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
  ...overrides,
});

export const measurement = (parity: number, loss: number): Measurement => ({
  suite: 'cpu-quick',
  seed: 0,
  tasks: (
    [
      ['parity', 'accuracy', parity],
      ['language-model', 'loss', loss],
    ] as const
  ).map(([task, metric, value]) => ({
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
  languageModelLoss: loss,
  parameters: { mixer: 17000, total: 60000 },
  stateSize: 1024,
  flopsPerToken: 40000,
  trainTokensPerSecond: 1000,
  peakMemoryBytes: 1e8,
  cpuSeconds: 20,
  startUpSeconds: 2,
  workSeconds: 18,
  trainerVersion: '1',
  isolationTier: 0,
  isolationProof: '',
  runner: 'test',
  rawHash: hash as Measurement['rawHash'],
  curvesHash: hash as Measurement['curvesHash'],
});

export const history = (experimentId: string, merit: number | null, components: string[] = []): HistoryEntry =>
  catalogue.analyse.data.shape.parent.parse({
    experimentId,
    name: `design ${experimentId}`,
    baseline: null,
    programHash: null,
    genomeHash: null,
    components,
    motivation: '',
    merit,
    fitness: merit,
    languageModelLoss: null,
    battery: null,
  });

export const analyseData = (overrides: Partial<DataOf<'analyse'>> = {}): DataOf<'analyse'> => ({
  ...catalogue.analyse.data.parse({
    campaignId: 'c001',
    experimentId: 'c001-0007',
    attempt: 1,
    token: 'token-0007',
    campaignNumber: 1,
    ordinal: 7,
    horizon: 4,
    yardstick: 'y',
    mind: 'offline',
    name: 'Reflector',
    design: {
      name: 'Reflector',
      motivation: 'm',
      prediction: { direction: 'better', metric: 'merit', size: 0.1, mechanism: 'reflection', confidence: 0.5 },
      programHash: hash,
      genomeHash: null,
      components: ['write=delta-2', 'decay=none'],
      citations: [],
      certificateHash: null,
      parameters: 17000,
      flopsPerToken: 40000,
      twinsAvoided: 0,
      certificateFailures: 0,
      author: 'test',
    },
    measurement: measurement(0.9, 2.0),
    fitness: { loss: 0.7, benchmark: 0.9, judge: null, merit: 0.8, total: null, suspicious: false },
    reference: reference(),
    parent: history('c001-0001', 0.6, ['write=delta', 'decay=none']),
    grandparent: null,
    siblings: [],
  }),
  ...overrides,
});

export const commandOf = (data: DataOf<'analyse'>): { envelope: Envelope; data: DataOf<'analyse'> } => ({
  data,
  envelope: {
    specversion: '1.0',
    id: derivedMessageId('test', data.experimentId),
    source: 'test/1',
    type: catalogue.analyse.type,
    subject: data.experimentId,
    time: '2026-01-01T00:00:00.000Z',
    datacontenttype: 'application/json',
    correlationid: data.experimentId,
    traceparent: `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01`,
    data,
  },
});
