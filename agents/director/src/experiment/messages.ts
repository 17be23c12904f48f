import { type Definition, encodePublishable, stamp } from '@asi/bus';
import {
  attemptTokenOf,
  type Clock,
  catalogue,
  componentsOfBaseline,
  type DataOf,
  derivedMessageId,
  type Envelope,
  type ExperimentOutcome,
  gateMessages,
  type Measurement,
  modelOf,
  type ThinkingRole,
  terminal,
  trainAgain,
} from '@asi/contracts';
import type { OutboxEntry } from '@asi/store';
import { gatesAt, gateToken } from './answers.ts';
import type { AssessmentMaterial, ExperimentContext, Stage } from './context.ts';
import { draftsOf } from './drafts-of.ts';

export type DescribedAction = { readonly type: string; readonly params?: unknown };

export type Occasion = {
  readonly context: ExperimentContext;
  readonly outcome: ExperimentOutcome | null;
  readonly revision: number;
  readonly source: string;
  readonly clock: Clock;
  readonly cause: Envelope | null;
};

type Draft = { readonly definition: Definition; readonly data: unknown; readonly attempt?: number };

const attemptOf = (context: ExperimentContext, stage: Stage) => ({
  campaignId: context.campaignId,
  experimentId: context.experimentId,
  attempt: context.attempts[stage],
  token: attemptTokenOf(context.experimentId, stage, context.attempts[stage]),
});

/** How a role is to think about this experiment; experiments sampled by an earlier version know of no models. */
function thinkingOf({ terms }: ExperimentContext, role: ThinkingRole) {
  const mind = terms.minds[role] ?? 'offline';
  return mind === 'offline' || !terms.models ? { mind, model: null } : { mind, model: modelOf(terms.models, role) };
}

/** Absent, and not null, where there is none: the messages of recorded histories stay what they are. */
function embeddingOf({ terms }: ExperimentContext): Pick<DataOf<'design'>, 'embedding'> {
  const embedding = terms.models?.embedding ?? null;
  return terms.minds.researcher !== 'llm' || embedding === null ? {} : { embedding };
}

/** Only what was designed may change: a confirmation trains the stored program, and a baseline is what it is. */
function mendingOf({
  terms,
  kind,
  ordinal,
  campaignNumber,
  arm,
  horizon,
}: ExperimentContext): DataOf<'train'>['mending'] {
  const { revisions, parameterRatio, probeBeforeTraining = false } = terms.limits;
  if (kind !== 'candidate' || ordinal === null || terms.minds.engineer !== 'llm' || revisions === 0) return null;
  return { revisions, parameterRatio, campaignNumber, ordinal, arm: arm ?? null, horizon, probeBeforeTraining };
}

/** What each named action of the machine says to the world. Data only; publishing happens after the commit. */
const drafts: Record<string, (context: ExperimentContext, occasion: Occasion, params: unknown) => Draft> = {
  requestDesign: (context) => {
    if (context.parent === null || context.ordinal === null) throw terminal('bug', 'a candidate without a parent');
    const data: DataOf<'design'> = {
      ...attemptOf(context, 'design'),
      campaignNumber: context.campaignNumber,
      ordinal: context.ordinal,
      horizon: context.horizon,
      arm: context.arm ?? null,
      seed: context.designSeed,
      ...thinkingOf(context, 'researcher'),
      ...embeddingOf(context),
      parent: context.parent,
      references: context.references,
      ...(context.baselines ? { baselines: context.baselines } : {}),
      learnFromInsights: context.terms.learnFromInsights,
      ...(context.meritScale ? { meritScale: context.meritScale } : {}),
      suite: context.terms.suite,
      yardstick: context.yardstick,
      parameterRatio: context.terms.limits.parameterRatio,
      draws: draftsOf(context.terms),
      wallSeconds: context.terms.limits.wallSeconds,
      memoryBytes: context.terms.limits.memoryGigabytes * 1e9,
    };
    return { definition: catalogue.design, data, attempt: context.attempts.design };
  },
  requestTraining: (context) => {
    const program = context.program ?? { kind: 'builtin' as const, name: context.baseline ?? context.name };
    const data: DataOf<'train'> = {
      ...attemptOf(context, 'training'),
      program,
      suite: context.terms.suite,
      seed: context.seed,
      evaluationSeed: context.terms.evaluationSeed,
      device: context.terms.device,
      parameterRatio: context.parameterRatio ?? null,
      ...thinkingOf(context, 'engineer'),
      design: context.design,
      mending: mendingOf(context),
      wallSeconds: context.terms.limits.wallSeconds,
      memoryBytes: context.terms.limits.memoryGigabytes * 1e9,
      ...(context.terms.limits.qualityControl === 'report' ? { reportStops: true } : {}),
    };
    const definition = context.attempts.training > 1 ? trainAgain : catalogue.train;
    return { definition, data, attempt: context.attempts.training };
  },
  cancelTraining: (context) => ({
    definition: catalogue.cancelTraining,
    data: {
      experimentId: context.experimentId,
      token: attemptTokenOf(context.experimentId, 'training', context.attempts.training),
      why: context.reason?.message ?? 'the attempt is over',
    },
  }),
  requestJudgement: (context) => {
    const { assessment, measurement } = assessed(context);
    const data: DataOf<'judge'> = {
      ...attemptOf(context, 'judging'),
      ...thinkingOf(context, 'judge'),
      name: context.name,
      baseline: context.baseline,
      design: context.design,
      measurement,
      fitness: assessment.fitness,
      reference: assessment.reference,
      parent: assessment.parent,
      relatives: relativesOf(context, assessment),
      ...(assessment.anchor ? { anchor: assessment.anchor } : {}),
    };
    return { definition: catalogue.judge, data, attempt: context.attempts.judging };
  },
  requestAnalysis: (context) => {
    const { assessment, measurement } = assessed(context);
    if (!context.design || !assessment.parent || context.ordinal === null)
      throw terminal('bug', 'analysis of what was not designed');
    const data: DataOf<'analyse'> = {
      ...attemptOf(context, 'analysing'),
      campaignNumber: context.campaignNumber,
      ordinal: context.ordinal,
      horizon: context.horizon,
      arm: context.arm ?? null,
      yardstick: context.yardstick,
      ...thinkingOf(context, 'analyst'),
      name: context.name,
      design: context.design,
      measurement,
      fitness: assessment.fitness,
      reference: assessment.reference,
      parent: assessment.parent,
      grandparent: assessment.grandparent,
      siblings: assessment.siblings,
    };
    return { definition: catalogue.analyse, data, attempt: context.attempts.analysing };
  },
  askGate: (context, _occasion, params) => {
    const { stage } = params as { stage: 'designed' | 'assessed' };
    const gate = gatesAt(context, stage)[context.gateIndex];
    if (!gate || !context.design) throw terminal('bug', 'a gate that is not there was asked');
    return {
      definition: gateMessages(gate.role).asked,
      data: {
        campaignId: context.campaignId,
        experimentId: context.experimentId,
        attempt: context.gateIndex + 1,
        token: gateToken(context, stage),
        stage,
        design: context.design,
        measurement: context.measurement,
        fitness: context.fitness,
      },
    };
  },
  announceSettled: (context, { outcome }) => {
    const data: DataOf<'settled'> = {
      campaignId: context.campaignId,
      campaignNumber: context.campaignNumber,
      experimentId: context.experimentId,
      kind: context.kind,
      ordinal: context.ordinal,
      arm: context.arm ?? null,
      outcome: outcome ?? 'failed',
      reason: context.reason,
      name: context.name,
      parentId: context.parent?.experimentId ?? null,
      components: context.design?.components ?? componentsOfBaseline(context.baseline),
      yardstick: context.yardstick,
      measured: context.measurement && measuredMeritOf(context.measurement),
      fitness: context.fitness,
    };
    return { definition: catalogue.settled, data };
  },
};

export const isMessageAction = (type: string): boolean => type in drafts;

/** The outbox entries of the actions of one transition. The ids follow from experiment, revision and place, so that the same step gives the same messages. */
export function outboxOf(actions: readonly DescribedAction[], occasion: Occasion): OutboxEntry[] {
  return actions
    .filter((action) => isMessageAction(action.type))
    .map((action, index) => {
      const draft = drafts[action.type]?.(occasion.context, occasion, action.params);
      if (!draft) throw terminal('bug', `no message for ${action.type}`);
      return entryOf(draft, occasion, index);
    });
}

/** @throws terminal `message-too-large`: an outbox that cannot be published would end every director that finds it. */
export function entryOf(
  draft: Draft,
  { context, revision, source, clock, cause }: Occasion,
  index: number,
): OutboxEntry {
  const { definition } = draft;
  const envelope = stamp(
    definition,
    {
      experimentId: context.experimentId,
      data: draft.data as never,
      id: derivedMessageId(context.experimentId, revision, index),
      cause,
      campaignId: context.campaignId,
      ...(draft.attempt === undefined ? {} : { attempt: draft.attempt }),
    },
    source,
    clock,
  );
  encodePublishable(envelope);
  return { kind: definition.kind, owner: definition.owner, name: definition.name, envelope };
}

/** Whom the judge may compare a design with: everyone that its context holds already. */
function relativesOf({ design, references }: ExperimentContext, { grandparent, siblings, parent }: AssessmentMaterial) {
  if (!design) return [];
  const known = [...(grandparent ? [grandparent] : []), ...siblings, ...references];
  const relatives = new Map(
    known.map(({ experimentId, name, components }) => [experimentId, { experimentId, name, components }]),
  );
  if (parent) relatives.delete(parent.experimentId);
  return [...relatives.values()];
}

function assessed(context: ExperimentContext) {
  if (!context.assessment || !context.measurement) throw terminal('bug', 'an assessment before a measurement');
  return { assessment: context.assessment, measurement: context.measurement };
}

const measuredMeritOf = ({ languageModelLoss, battery }: Measurement) => ({ languageModelLoss, battery });
