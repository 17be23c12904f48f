import {
  type ArmName,
  type CallRecord,
  type CampaignRecord,
  type CampaignSettings,
  type ExperimentRecord,
  embeddingNode,
  evaluationSeedOf,
  modelOf,
  replayAddress,
  settingsOfArm,
  terminal,
  thinkingRoles,
} from '@asi/contracts';

/** How much of a campaign is run again. */
export type ReplayScope = {
  /** Candidates 1..n: the longest beginning that settled by itself. */
  readonly candidates: number;
  readonly withConfirmations: boolean;
  /** What is not run again, and why, for people. */
  readonly leftOut: readonly string[];
};

/**
 * A campaign that is not finished, or was cancelled, is replayed as far as all its first candidates are settled: what a
 * candidate knows depends on those before it alone.
 * @throws terminal `nothing-to-replay`, also where a baseline was cancelled, or failed and was trained again
 */
export function replayScopeOf(campaign: CampaignRecord, own: readonly ExperimentRecord[]): ReplayScope {
  const sampled = own.filter(({ kind }) => kind === 'candidate');
  const settled = new Set(sampled.filter(({ outcome }) => outcome !== 'cancelled').map(({ ordinal }) => ordinal));
  let candidates = 0;
  while (settled.has(candidates + 1)) candidates++;
  if (campaign.reference === null || candidates === 0)
    throw terminal(
      'nothing-to-replay',
      `campaign ${campaign._id} has no settled candidate yet: replay it when it has (asi status shows how far it is)`,
    );
  // A person decided what is compared with the others, at a moment that no record fixes.
  const lost = own
    .filter(({ _id, kind, outcome }) => {
      const isReplaced = !campaign.baselineIds.includes(_id);
      return kind === 'baseline' && (outcome === 'cancelled' || (outcome === 'failed' && isReplaced));
    })
    .map(({ _id }) => _id);
  if (lost.length > 0)
    throw terminal(
      'nothing-to-replay',
      `campaign ${campaign._id} cannot be replayed: of its baselines ${lost.join(', ')} were cancelled, or failed and were trained again, and what followed depended on when`,
    );
  const later = Math.max(0, ...sampled.map(({ ordinal }) => ordinal ?? 0)) - candidates;
  const planned = campaign.confirmations.filter(({ requestedBy }) => requestedBy === 'plan');
  const isComplete = campaign.candidatesEndedAt !== null && later === 0;
  const withConfirmations =
    isComplete && planned.every(({ closed, concludedAt }) => closed === null && concludedAt !== null);
  const asked = campaign.confirmations.length - planned.length;
  return {
    candidates,
    withConfirmations,
    leftOut: [
      ...(campaign.candidatesEndedAt === null ? [`the campaign is ${campaign.state}: replayed as far as it went`] : []),
      ...(later > 0 ? [`${later} candidates after the first one that was cancelled or is under way`] : []),
      ...(planned.length > 0 && !withConfirmations
        ? ['its confirmations: they are under way, or were ended by time or by a person']
        : []),
      ...(asked > 0 ? [`${asked} confirmations that a person asked for`] : []),
    ],
  };
}

/**
 * The settings with which the campaign comes to the same again: what depends on time, machine or money is fixed at what
 * it was. `environmentModel`: which model answered where the settings left it to the environment.
 * R1: no address of an endpoint is left in them, whether it was that of the campaign, of a role or of an arm.
 */
export function replaySettingsOf(
  campaign: CampaignRecord,
  scope: ReplayScope,
  environmentModel: string | null,
): CampaignSettings {
  const { settings } = campaign;
  const { common, embedding, ...roles } = settings.models;
  return {
    ...settings,
    models: {
      common: { ...common, baseUrl: replayAddress, model: common.model ?? environmentModel },
      embedding: embedding && { ...embedding, baseUrl: replayAddress },
      ...withoutAddresses(roles),
    },
    arms: settings.arms.map((arm) => ({ ...arm, models: withoutAddresses(arm.models) })),
    spending: { ...settings.spending, campaign: noCap, experiment: noCap, roles: {} },
    budget: { ...settings.budget, minutes: null, maximalAttempts: scope.candidates },
    confirmation: scope.withConfirmations
      ? { ...settings.confirmation, minutes: null }
      : { ...settings.confirmation, best: 0 },
    inFlight: campaign.inFlight,
    evaluationSeed: evaluationSeedOf(campaign),
  };
}

/** The same changes of models, but for where they are asked. */
function withoutAddresses<Changes extends Readonly<Record<string, { readonly baseUrl?: unknown } | undefined>>>(
  changes: Changes,
): Changes {
  const kept = Object.entries(changes).map(([name, one]) => {
    const { baseUrl: _, ...others } = one ?? {};
    return [name, others] as const;
  });
  return Object.fromEntries(kept) as Changes;
}

/** The model of the environment (`ASI_MODEL`) by what is on record: who answered where the settings name none. */
export function environmentModelOf(
  { settings }: Pick<CampaignRecord, 'settings'>,
  calls: readonly Pick<CallRecord, 'role' | 'experimentId' | 'model' | 'node'>[],
  experiments: readonly Pick<ExperimentRecord, '_id' | 'arm'>[],
): string | null {
  const arms = new Map<string, ArmName | null>(experiments.map(({ _id, arm }) => [_id, arm]));
  const answered = calls.find(({ role, experimentId, node }) => {
    const asking = node === embeddingNode ? undefined : thinkingRoles.find((one) => one === role);
    const arm = experimentId === null ? null : arms.get(experimentId);
    return asking && arm !== undefined && modelOf(settingsOfArm(settings, arm).models, asking).model === null;
  });
  return answered?.model ?? null;
}

const noCap = { dollars: null, tokens: null };
