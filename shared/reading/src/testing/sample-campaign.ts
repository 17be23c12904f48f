import {
  type ArmName,
  type ArtifactHash,
  type armSchema,
  artifactHashSchema,
  baselineIdOf,
  type CampaignRecord,
  campaignIdOf,
  campaignRecordSchema,
  campaignSettingsSchema,
  candidateIdOf,
  type Design,
  type ExperimentRecord,
  hashText,
  type Insight,
  type Random,
  seededRandom,
} from '@asi/contracts';
import { type Inflight, inflightSchema } from '@asi/store';
import type { z } from 'zod';
import { sampleCandidate } from './sample-candidate.ts';
import { type Qualities, type SampleArtifact, sampleMeasurement } from './sample-numbers.ts';
import { sampleReference, scoreOf } from './sample-reference.ts';

export type SampleCampaign = {
  readonly campaign: CampaignRecord;
  readonly experiments: readonly ExperimentRecord[];
  readonly inflight: readonly Inflight[];
  readonly insights: readonly Insight[];
  readonly artifacts: readonly SampleArtifact[];
};

export type SampleOptions = {
  readonly seed?: string;
  readonly number?: number;
  /** Settled candidates; every seventh is rejected and every ninth failed. */
  readonly candidates?: number;
  readonly wanted?: number;
  readonly underWay?: number;
  readonly state?: CampaignRecord['state'];
  /** Name of the second candidate, for tests of escaping. */
  readonly hostileName?: string;
  readonly startedAt?: Date;
  /** Arms, to which the candidates belong in turn; default none. */
  readonly arms?: ReadonlyArray<z.input<typeof armSchema>>;
};

const models: Readonly<Record<string, Qualities>> = {
  'delta-net': { recall: 0.72, parity: 0.55, languageModelLoss: 1.62 },
  'gated-delta-net': { recall: 0.78, parity: 0.6, languageModelLoss: 1.58 },
  mamba2: { recall: 0.55, parity: 0.66, languageModelLoss: 1.6 },
  'linear-attention': { recall: 0.4, parity: 0.52, languageModelLoss: 1.75 },
  'softmax-attention': { recall: 0.9, parity: 0.53, languageModelLoss: 1.63 },
};
const yardstick = 'cpu-quick/sample/asi-held-out-1';
const secondsEach = 15;

/**
 * A campaign in the middle of its work, with made-up but plausible numbers and every kind of end: for tests and for
 * trying views, never for results. The same options give the same documents.
 */
export function sampleCampaign(options: SampleOptions = {}): SampleCampaign {
  const { seed = 'sample', number = 1, candidates = 12, wanted = 16, underWay = 4, state = 'running' } = options;
  const random = seededRandom(seed, number);
  const campaignId = campaignIdOf(number);
  const settings = campaignSettingsSchema.parse({
    title: 'sample',
    budget: { candidates: wanted },
    arms: options.arms ?? [],
  });
  const armOf = (ordinal: number) => settings.arms[(ordinal - 1) % settings.arms.length]?.name ?? null;
  const artifacts: SampleArtifact[] = [];
  const start = (options.startedAt ?? new Date('2026-01-15T09:00:00.000Z')).getTime();
  const keep = (body: string, mediaType: string): ArtifactHash => {
    artifacts.push({ body, mediaType });
    return artifactHashSchema.parse(hashText(body));
  };
  let clock = start;
  const tick = () => {
    clock += secondsEach * 1000 * (0.6 + 0.8 * random.next());
    return new Date(clock).toISOString();
  };

  const baselineRuns = settings.baselines.flatMap(({ name, seeds }) =>
    seeds.map((one) => ({ name, seed: one, ...sampleMeasurement(models[name] ?? hopeless, one, random) })),
  );
  artifacts.push(...baselineRuns.flatMap((run) => run.artifacts));
  const reference = sampleReference(baselineRuns, yardstick);
  const baselines = baselineRuns.map(({ name, seed: runSeed, measurement }, index): ExperimentRecord => {
    const judge = 5 + (measurement.battery - reference.baseline.battery) * 20;
    const finishedAt = tick();
    return {
      ...blank(random),
      _id: baselineIdOf(campaignId, index + 1),
      campaignId,
      campaignNumber: number,
      kind: 'baseline',
      outcome: 'completed',
      name,
      baseline: name,
      seed: runSeed,
      program: { kind: 'builtin', name },
      measurement,
      judgement: judgementOf(Math.max(1, Math.min(10, judge))),
      fitness: scoreOf(measurement, reference, Math.max(1, Math.min(10, judge))),
      yardstick,
      measuredAt: null,
      sampledAt: new Date(clock - 20_000).toISOString(),
      finishedAt,
    };
  });

  const experiments: ExperimentRecord[] = [...baselines];
  const insights: Insight[] = [];
  for (let ordinal = 1; ordinal <= candidates; ordinal++) {
    const sampledAt = new Date(clock - 30_000).toISOString();
    const made = sampleCandidate({
      id: candidateIdOf(campaignId, ordinal),
      campaignId,
      ordinal,
      arm: armOf(ordinal),
      number,
      parents: experiments.filter(
        (one) =>
          one.outcome === 'completed' &&
          one.baseline !== 'softmax-attention' &&
          (one.kind === 'baseline' || one.arm === armOf(ordinal)),
      ),
      reference,
      yardstick,
      random,
      keep,
      name: ordinal === 2 ? options.hostileName : undefined,
      sampledAt,
      finishedAt: tick(),
    });
    artifacts.push(...made.artifacts);
    experiments.push(made.record);
    if (made.insight) insights.push(made.insight);
  }
  const ended = state === 'finished' || state === 'cancelled';
  return {
    campaign: campaignRecordSchema.parse({
      _id: campaignId,
      number,
      rev: 7,
      state,
      startedBy: 'sample',
      note: ended ? 'the budget is spent' : '',
      settings,
      drawnEvaluationSeed: 'drawn',
      yardstick,
      baselineIds: baselines.map((one) => one._id),
      reference,
      inFlight: 6,
      startedAt: new Date(start).toISOString(),
      finishedAt: ended ? new Date(clock).toISOString() : null,
    } satisfies z.input<typeof campaignRecordSchema>),
    experiments,
    insights,
    artifacts,
    inflight: ended
      ? []
      : Array.from({ length: underWay }, (_, index) =>
          underWayDocument(
            campaignId,
            candidates + index + 1,
            armOf(candidates + index + 1),
            index,
            baselines[0]?._id ?? null,
            new Date(clock).toISOString(),
            experiments.findLast(({ design }) => design !== null)?.design ?? null,
          ),
        ),
  };
}

const hopeless: Qualities = { recall: 0.3, parity: 0.5, languageModelLoss: 1.9 };
const states = ['training.running', 'training.running', 'training.queued', 'designing'];

const blank = (random: Random) => ({
  ordinal: null,
  arm: null,
  reason: null,
  parentId: null,
  referenceIds: [],
  horizon: 0,
  design: null,
  analysis: null,
  attempts: { design: 0, training: random.next() < 0.1 ? 2 : 1, judging: 1, analysing: 0 },
});

const judgementOf = (total: number): ExperimentRecord['judgement'] => ({
  criteria: { innovation: total, complexity: total, performance: total },
  weights: { innovation: 0.3, complexity: 0.25, performance: 0.45 },
  total,
  reason: 'a made-up judgement of the sample campaign',
  author: 'judge/sample',
});

const underWayDocument = (
  campaignId: ReturnType<typeof campaignIdOf>,
  ordinal: number,
  arm: ArmName | null,
  index: number,
  parentId: string | null,
  since: string,
  design: Design | null,
): Inflight => {
  const id = candidateIdOf(campaignId, ordinal);
  const state = states[index % states.length] ?? 'designing';
  return inflightSchema.parse({
    _id: id,
    rev: 3,
    machine: 'experiment',
    version: 1,
    snapshot: {},
    inbox: [],
    outbox: [],
    deadlineAt: null,
    settled: false,
    view: {
      campaignId,
      kind: 'candidate',
      ordinal,
      arm,
      name: state === 'designing' ? id : `gated-delta-sample-${ordinal}`,
      state,
      since,
      attempt: 1,
      parentId,
      sampledAt: since,
      measuredAt: null,
      design: state === 'designing' ? null : design,
    },
  });
};
