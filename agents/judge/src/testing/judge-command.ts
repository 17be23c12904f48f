import {
  baselineComponents,
  catalogue,
  type DataOf,
  derivedMessageId,
  type Envelope,
  type Reference,
} from '@asi/contracts';

const hash = 'a'.repeat(64);

export const reference = (merits: Readonly<Record<string, number>> = {}, noise = 0.02): Reference => ({
  yardstick: 'y',
  baseline: { name: 'delta-net', languageModelLoss: 2.06, battery: 0.8 },
  band: { loss: 0.2, battery: 0.2 },
  models: Object.entries({ 'delta-net': 0.5, 'gated-delta-net': 0.7, 'softmax-attention': 0.95, ...merits }).map(
    ([name, merit]) => ({
      name,
      seeds: 3,
      merit,
      languageModelLoss: 2,
      battery: 0.8,
      parameters: 17000,
      flopsPerToken: 40000,
      tasks: {},
    }),
  ),
  noise: {
    languageModelLoss: 0.01,
    battery: 0.01,
    merit: noise,
    tasks: {},
    degreesOfFreedom: 6,
    method: 'made up for tests',
  },
});

type Made = {
  readonly merit?: number;
  readonly components?: readonly string[] | null;
  readonly parameters?: number;
  readonly flopsPerToken?: number;
  readonly suspicious?: boolean;
  readonly reference?: Reference;
};

/** A command to judge a child of DeltaNet, or DeltaNet itself (`components: null`). */
export function judgeData(made: Made = {}): DataOf<'judge'> {
  const { merit = 0.5, components = ['write=delta-2'], parameters = 17000, flopsPerToken = 40000 } = made;
  return catalogue.judge.data.parse({
    campaignId: 'c001',
    experimentId: 'c001-0001',
    attempt: 1,
    token: 'token-0001',
    mind: 'offline',
    name: 'Child',
    baseline: components === null ? 'delta-net' : null,
    design:
      components === null
        ? null
        : {
            name: 'Child',
            motivation: 'm',
            prediction: null,
            programHash: hash,
            genomeHash: null,
            components,
            citations: [],
            certificateHash: null,
            parameters,
            flopsPerToken,
            twinsAvoided: 0,
            certificateFailures: 0,
            author: 'test',
          },
    measurement: {
      suite: 'cpu-quick',
      seed: 0,
      tasks: [
        {
          task: 'parity',
          metric: 'accuracy',
          value: 0.8,
          loss: 1,
          standardError: 0.01,
          sequences: 256,
          steps: 150,
          learningRate: 5e-3,
          trainCpuSeconds: 3,
          claimedFinalTrainLoss: 1,
          rawSha256: hash,
        },
      ],
      battery: 0.8,
      languageModelLoss: 2,
      parameters: { mixer: parameters, total: 60000 },
      stateSize: 1024,
      flopsPerToken,
      trainTokensPerSecond: 1000,
      peakMemoryBytes: 1e8,
      cpuSeconds: 20,
      startUpSeconds: 2,
      workSeconds: 18,
      trainerVersion: '1',
      isolationTier: 0,
      isolationProof: '',
      runner: 'test',
      rawHash: hash,
      curvesHash: hash,
    },
    fitness: { loss: merit, benchmark: merit, judge: null, merit, total: null, suspicious: made.suspicious ?? false },
    reference: made.reference ?? reference(),
    parent: {
      experimentId: 'c001-b00',
      name: 'delta-net',
      baseline: 'delta-net',
      programHash: null,
      genomeHash: null,
      components: baselineComponents['delta-net'],
      motivation: '',
      merit: 0.5,
      fitness: null,
      languageModelLoss: null,
      battery: null,
    },
  });
}

export const commandOf = (data: DataOf<'judge'>): { envelope: Envelope; data: DataOf<'judge'> } => ({
  data,
  envelope: {
    specversion: '1.0',
    id: derivedMessageId('test', data.experimentId),
    source: 'test/1',
    type: catalogue.judge.type,
    subject: data.experimentId,
    time: '2026-01-01T00:00:00.000Z',
    datacontenttype: 'application/json',
    correlationid: data.experimentId,
    traceparent: `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01`,
    data,
  },
});
