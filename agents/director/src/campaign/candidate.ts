import {
  type ArmName,
  baselineIdOf,
  type CampaignRecord,
  type Clock,
  candidateIdOf,
  catalogue,
  derivedMessageId,
  heldOutSeedOf,
  meritScaleOf,
  seededRandom,
  settingsOfArm,
  thinkingRoles,
} from '@asi/contracts';
import type { Inflight } from '@asi/store';
import type { ExperimentContext } from '../experiment/context.ts';
import { entryOf } from '../experiment/messages.ts';
import { newDocument, step } from '../experiment/step.ts';
import type { Knowledge } from '../knowledge.ts';
import type { Horizon } from '../remembered.ts';
import { policies } from '../selection/policies.ts';
import { armAt } from './arm-at.ts';
import { firstRuns } from './baseline-runs.ts';

type Place = { readonly ordinal: number; readonly horizon: number };

const noAttempts = { design: 0, training: 0, judging: 0, analysing: 0 };

/** Chooses parent and references of the next candidate. Throws a RangeError when a policy chooses outside its pool. */
export function candidateContext(
  campaign: CampaignRecord,
  { ordinal, horizon }: Place,
  knowledge: Knowledge,
  baselines: readonly ExperimentContext['references'][number][],
  sampledAt: string,
): ExperimentContext {
  const arm = armAt(campaign, ordinal);
  const settings = settingsOfArm(campaign.settings, arm);
  const at = { campaignNumber: campaign.number, yardstick: campaign.yardstick, horizon, arm };
  const random = seededRandom(settings.seed, campaign.number, ordinal, 'sampling');
  // The first candidates are designed while the baselines still train: then those stand in the pool unmeasured.
  const isInformed = knowsResults(campaign, { ordinal, horizon }, knowledge);
  const measured = isInformed ? knowledge.pool(at, campaign.reference, settings.objective) : [];
  const pool =
    measured.length > 0
      ? measured
      : baselines.map((history) => ({
          experimentId: history.experimentId,
          name: history.name,
          kind: 'baseline' as const,
          age: 0,
          score: 0,
          components: history.components,
          history,
        }));
  const { parent, references } = policies[settings.policy]({ pool, random, options: settings.policyOptions });
  const historyOf = new Map(pool.map((entry) => [entry.experimentId, entry.history]));
  const parentHistory = historyOf.get(parent.experimentId);
  if (!parentHistory) throw new RangeError('a policy chose a parent outside its pool');
  const seed = settings.candidateSeed;
  return {
    ...commonContext(campaign, { sampledAt, seed, confirmation: null, arm }),
    experimentId: candidateIdOf(campaign._id, ordinal),
    kind: 'candidate',
    ordinal,
    ...(arm === null ? {} : { arm }),
    name: `candidate ${ordinal}`,
    baseline: null,
    seed,
    parameterRatio: settings.limits.parameterRatio,
    designSeed: `${settings.seed}/${campaign.number}/${ordinal}`,
    parent: parentHistory,
    references: references.flatMap((one) => historyOf.get(one.experimentId) ?? []),
    baselines: firstRuns(campaign),
    ...(isInformed && campaign.reference ? { meritScale: meritScaleOf(campaign.reference) } : {}),
    horizon,
  };
}

export function baselineContext(
  campaign: CampaignRecord,
  number: number,
  name: string,
  seed: number,
  sampledAt: string,
): ExperimentContext {
  return {
    ...commonContext(campaign, { sampledAt, seed, confirmation: null, arm: null }),
    experimentId: baselineIdOf(campaign._id, number),
    kind: 'baseline',
    ordinal: null,
    name,
    baseline: name,
    seed,
    designSeed: '',
    parent: null,
    references: [],
    horizon: 0,
  };
}

/** The document of a new experiment after its first step, ready to be stored with the messages it sends: being sampled is what causes them. */
export function openedDocument(context: ExperimentContext, policy: string, source: string, clock: Clock): Inflight {
  const blank = newDocument(context, clock);
  const sampled = entryOf(
    {
      definition: catalogue.sampled,
      data: {
        campaignId: context.campaignId,
        experimentId: context.experimentId,
        kind: context.kind,
        ordinal: context.ordinal,
        arm: context.arm ?? null,
        name: context.name,
        policy,
        parentId: context.parent?.experimentId ?? null,
        referenceIds: context.references.map((one) => one.experimentId),
        horizon: context.horizon,
        seed: context.seed,
      },
    },
    { context, outcome: null, revision: 0, source, clock, cause: null },
    0,
  );
  const messageId = derivedMessageId(context.experimentId, 'begin');
  const begun = step({ document: blank, event: { type: 'BEGIN' }, messageId, cause: sampled.envelope, source, clock });
  if (begun.kind !== 'advanced') throw new Error('a new experiment takes BEGIN');
  return { ...begun.document, outbox: [sampled, ...begun.document.outbox] };
}

type Occasion = {
  readonly sampledAt: string;
  /** Of initialisation and data order. */
  readonly seed: number;
  /** Its place among those of the laboratory; null outside all. */
  readonly confirmation: number | null;
  readonly arm: ArmName | null;
};

/** What every experiment of a campaign is told of it; a candidate of an arm is told what its arm changes. */
export function commonContext(campaign: CampaignRecord, { sampledAt, seed, confirmation, arm }: Occasion) {
  const { suite, device, limits, gates, minds, models, objective, learnFromInsights, policy } = settingsOfArm(
    campaign.settings,
    arm,
  );
  return {
    campaignId: campaign._id,
    campaignNumber: campaign.number,
    yardstick: campaign.yardstick,
    terms: {
      suite,
      evaluationSeed: heldOutSeedOf(campaign, seed, confirmation),
      device,
      limits,
      gates,
      minds,
      models,
      objective,
      learnFromInsights,
      policy,
      ...(campaign.settings.arms.length === 0 ? {} : { modelRoles: modelRolesOf(campaign.settings) }),
    },
    sampledAt,
    attempts: { ...noAttempts },
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
  };
}

const modelRolesOf = (settings: CampaignRecord['settings']) =>
  thinkingRoles.filter((role) => settings.arms.some(({ name }) => settingsOfArm(settings, name).minds[role] === 'llm'));

/**
 * Whether a candidate may know any result. Those of earlier campaigns are all known from the beginning; those of this campaign, its
 * baselines included, only from the first horizon on.
 */
export function knowsResults(campaign: CampaignRecord, { ordinal, horizon }: Place, knowledge: Knowledge): boolean {
  if (horizon > 0) return true;
  const { number: campaignNumber, yardstick } = campaign;
  const at: Horizon = { campaignNumber, yardstick, horizon, arm: armAt(campaign, ordinal) };
  return knowledge.pool(at, null, 'merit').some((entry) => entry.kind === 'candidate');
}
