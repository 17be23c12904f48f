import {
  type ArmName,
  type ArtifactHash,
  type CampaignId,
  canonicalJson,
  type ExperimentId,
  type ExperimentRecord,
  type Insight,
  type Random,
  type Reference,
  studentQuantile95,
} from '@asi/contracts';
import { type SampleArtifact, sampleMeasurement } from './sample-numbers.ts';
import { scoreOf } from './sample-reference.ts';

type Input = {
  readonly id: ExperimentId;
  readonly campaignId: CampaignId;
  readonly number: number;
  readonly ordinal: number;
  readonly arm: ArmName | null;
  readonly parents: readonly ExperimentRecord[];
  readonly reference: Reference;
  readonly yardstick: string;
  readonly random: Random;
  readonly keep: (body: string, mediaType: string) => ArtifactHash;
  readonly name: string | undefined;
  readonly sampledAt: string;
  readonly finishedAt: string;
};

const flaggedEvery = 5;

const slots = {
  decay: ['none', 'scalar-gated', 'vector-gated-4', 'fixed-32'],
  write: ['additive', 'delta', 'delta-2', 'channel-delta'],
  'feature-map': ['silu', 'identity', 'elu-plus-one'],
  convolution: ['none', 'short-4', 'fir-16'],
  'output-gate': ['none', 'swish', 'sigmoid'],
} as const;

/** One settled candidate of the sample campaign: every seventh rejected as a twin, every ninth diverged, every fifth flagged. */
export function sampleCandidate(input: Input): {
  record: ExperimentRecord;
  insight: Insight | null;
  artifacts: SampleArtifact[];
} {
  const { id, ordinal, random, reference, keep, parents } = input;
  const parent = random.pick(parents.slice(-8));
  const components = Object.entries(slots).map(([slot, options]) => `${slot}=${random.pick<string>(options)}`);
  const has = (label: string) => (components.includes(label) ? 1 : 0);
  const name = input.name ?? `${components[0]?.split('=')[1]}-${components[1]?.split('=')[1]}-${ordinal}`;
  const common = {
    _id: id,
    campaignId: input.campaignId,
    campaignNumber: input.number,
    kind: 'candidate' as const,
    ordinal,
    arm: input.arm,
    name,
    baseline: null,
    seed: 0,
    parentId: parent._id,
    referenceIds: parents.slice(0, 2).map((one) => one._id),
    horizon: Math.max(0, ordinal - 6),
    yardstick: input.yardstick,
    attempts: { design: 1, training: 1, judging: 1, analysing: 1 },
    measuredAt: null,
    sampledAt: input.sampledAt,
    finishedAt: input.finishedAt,
    program: null,
    design: null,
    measurement: null,
    judgement: null,
    analysis: null,
    fitness: null,
  };
  if (ordinal % 7 === 0) {
    const message = `every draw was a twin of a known design; the nearest is ${parent.name}`;
    return {
      record: {
        ...common,
        outcome: 'rejected',
        reason: { code: 'twin', message, evidenceHash: null },
        thrownAway: { twinsAvoided: 10, certificateFailures: 2 },
      },
      insight: null,
      artifacts: [],
    };
  }
  const programHash = keep(programText(name, components), 'text/x-python');
  const flags = ordinal % flaggedEvery === 0 ? ['state hygiene'] : [];
  const certificate = {
    verdict: flags.length > 0 ? 'flagged' : 'pass',
    findings: [
      finding('causality-by-values'),
      finding('flop-exponent'),
      ...flags.map((test) => ({
        ...finding(test),
        kind: 'soft',
        status: 'fail',
        message: `${test}: self.calls counts the calls`,
      })),
    ],
    cpuSeconds: 2,
  };
  const design: ExperimentRecord['design'] = {
    name,
    motivation: `Takes ${components.slice(0, 2).join(' and ')} because the parent forgets what it has overwritten.`,
    prediction: {
      direction: random.next() < 0.7 ? 'better' : 'same',
      metric: 'merit',
      size: 0.02 + 0.06 * random.next(),
      mechanism: 'a gate that clears stale associations frees the state for new ones',
      confidence: 0.55,
    },
    programHash,
    genomeHash: keep(canonicalJson({ components, ordinal }), 'application/json'),
    components,
    citations: [{ kind: 'paper', id: '2412.06464', why: 'gated delta rule' }],
    certificateHash: keep(canonicalJson({ ...certificate, ordinal }), 'application/json'),
    parameters: 17_000,
    flopsPerToken: 170_000,
    flags,
    nearest: ordinal === 1 ? null : { id: `${input.campaignId}-0001`, correlation: 1 - 1 / (10 * ordinal) },
    twinsAvoided: ordinal % 3,
    certificateFailures: ordinal % 5 === 0 ? 1 : 0,
    author: 'researcher/sample',
  };
  const program = { kind: 'source' as const, hash: programHash, origin: 'grammar' as const };
  if (ordinal % 9 === 0) {
    const reason = {
      code: 'diverged',
      message:
        'the training loss was not finite twice in a row at step 37 of overwrite-recall: lower the write rate or normalise the keys',
      evidenceHash: keep(`step 36 loss 4.1\nstep 37 loss nan\nstep 38 loss nan\n(experiment ${id})\n`, 'text/plain'),
    };
    return { record: { ...common, program, design, outcome: 'failed', reason }, insight: null, artifacts: [] };
  }
  const { measurement, artifacts } = sampleMeasurement(
    {
      recall:
        0.6 +
        0.12 * has('write=delta') +
        0.14 * has('write=delta-2') +
        0.05 * has('decay=scalar-gated') +
        0.04 * has('convolution=short-4'),
      parity: 0.52 + 0.2 * has('write=delta-2'),
      languageModelLoss: 1.68 - 0.08 * has('convolution=short-4') - 0.05 * has('output-gate=swish'),
    },
    0,
    random,
  );
  const judge = Math.max(1, Math.min(10, 5 + (measurement.battery - reference.baseline.battery) * 15 + random.next()));
  const fitness = scoreOf(measurement, reference, judge);
  const difference = fitness.merit - (parent.fitness?.merit ?? 0);
  const beyondNoise =
    Math.abs(difference) > studentQuantile95(reference.noise.degreesOfFreedom) * Math.SQRT2 * reference.noise.merit;
  return {
    artifacts,
    record: {
      ...common,
      outcome: 'completed',
      reason: null,
      program,
      design,
      measurement,
      fitness,
      judgement: {
        criteria: { innovation: judge, complexity: judge, performance: judge },
        weights: { innovation: 0.3, complexity: 0.25, performance: 0.45 },
        total: judge,
        reason: 'a made-up judgement of the sample campaign',
        author: 'judge/sample',
      },
      analysis: {
        comparisons: [
          {
            relation: 'parent',
            experimentId: parent._id,
            name: parent.name,
            meritDifference: difference,
            beyondNoise,
            changedComponents: components.slice(0, 2),
          },
          {
            relation: 'baseline',
            experimentId: 'delta-net',
            name: 'delta-net',
            meritDifference: difference,
            beyondNoise: false,
            changedComponents: [],
          },
        ],
        predictionHeld: beyondNoise
          ? difference > 0 && design.prediction?.direction === 'better'
            ? 'held'
            : 'failed'
          : 'undecided',
        text: `Compared with ${parent.name}: ${difference >= 0 ? '+' : ''}${difference.toFixed(3)} merit, ${beyondNoise ? 'beyond' : 'inside'} the noise.`,
        insightIds: [id],
        citations: [],
        author: 'analyst/sample',
      },
    },
    insight: {
      _id: id,
      experimentId: id,
      campaignNumber: input.number,
      ordinal,
      yardstick: input.yardstick,
      text: 'delta-rule writes help recall; a short convolution helps the language model.',
      confidence: 0.7,
      effects: [
        { component: 'write=delta-2', effect: 0.12, low: 0.05, high: 0.19, experiments: ordinal },
        { component: 'convolution=short-4', effect: 0.06, low: 0.01, high: 0.11, experiments: ordinal },
        { component: 'decay=scalar-gated', effect: 0.02, low: -0.04, high: 0.08, experiments: ordinal },
        { component: 'write=additive', effect: -0.11, low: -0.18, high: -0.04, experiments: ordinal },
      ],
      at: input.finishedAt,
    },
  };
}

const finding = (test: string) => ({
  test,
  kind: 'hard',
  status: 'pass',
  measured: 0,
  threshold: 0.00001,
  smallestInput: 'T=8',
  message: `${test} holds`,
});

const programText = (
  name: string,
  components: readonly string[],
) => `"""${name.replaceAll('"', "'")}: ${components.join(', ')}."""
import torch
from torch import nn


class Mixer(nn.Module):
    def __init__(self, d_model: int, n_heads: int, *, layer_idx: int = 0, n_layers: int = 1) -> None:
        super().__init__()
        self.project = nn.Linear(d_model, 3 * d_model, bias=False)
        self.out = nn.Linear(d_model, d_model, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        q, k, v = self.project(x).chunk(3, dim=-1)
        state = torch.cumsum(k * v, dim=1)  # ${components[1]}
        return self.out(torch.nn.functional.silu(q) * state)
`;
