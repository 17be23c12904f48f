import { type DataOf, designSchema, type Envelope, type LanguageModel, languageModelSchema } from '@asi/contracts';
import type { FailedTraining } from '../mind.ts';

export const program = `import torch
from torch import nn


class Mixer(nn.Module):
    """Reflects what it overwrites."""

    def __init__(self, d_model, n_heads, *, layer_idx=0, n_layers=1):
        super().__init__()
        self.mix = nn.Linear(d_model, d_model)

    def forward(self, x):
        state = x.cumsum(1)
        return self.mix(statee)
`;

export const traceback = `Traceback (most recent call last):
  File "<candidate>", line 13, in forward
    return self.mix(statee)
NameError: name 'statee' is not defined. Did you mean: 'state'?`;

const hash = 'a'.repeat(64);

export const commandData = (change: Partial<DataOf<'train'>> = {}): DataOf<'train'> => ({
  campaignId: 'c001' as DataOf<'train'>['campaignId'],
  experimentId: 'c001-0007' as DataOf<'train'>['experimentId'],
  attempt: 1,
  token: 'token-of-attempt-1' as DataOf<'train'>['token'],
  program: { kind: 'source', hash: hash as never, origin: 'foreign' },
  suite: 'cpu-smoke',
  seed: 0,
  evaluationSeed: 'held-out-secret',
  device: 'cpu',
  parameterRatio: null,
  mind: 'llm',
  model: modelAt(null),
  mending: {
    ...{ revisions: 2, parameterRatio: 1.5, probeBeforeTraining: true },
    ...{ campaignNumber: 1, ordinal: 7, arm: null, horizon: 4 },
  },
  design: designSchema.parse({
    name: 'reflecting-delta',
    motivation: 'A write of strength two reflects the state instead of erasing it.',
    prediction: null,
    programHash: hash,
    genomeHash: null,
    components: ['write=reflect'],
    citations: [],
    certificateHash: null,
    parameters: null,
    flopsPerToken: null,
    twinsAvoided: 0,
    certificateFailures: 0,
    author: 'researcher/llm',
  }),
  wallSeconds: 300,
  memoryBytes: 6e9,
  ...change,
});

/** The settings of a campaign whose model answers at this address. */
export const modelAt = (baseUrl: string | null): LanguageModel =>
  languageModelSchema.parse({ baseUrl, model: 'mending-model', retries: 0 });

/** A training of the program above, which crashed. */
export function failedTraining(change: Partial<FailedTraining> = {}): FailedTraining {
  return {
    command: { envelope: {} as Envelope, data: commandData() },
    found: 'in-training',
    program: { origin: 'foreign', source: program },
    designed: { origin: 'foreign', source: program },
    outcome: {
      status: 'failed',
      reason: 'crashed',
      message: "The program raised NameError: name 'statee' is not defined (line 13 of the program).",
      evidence: { worker: 'train', logTail: traceback },
    },
    cause: {
      code: 'crashed',
      message: "The program raised NameError: name 'statee' is not defined (line 13 of the program).",
      evidenceHash: null,
    },
    earlier: [],
    ...change,
  };
}
