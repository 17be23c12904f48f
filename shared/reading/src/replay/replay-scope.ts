import { type CampaignRecord, type CampaignSettings, type ExperimentRecord, terminal } from '@asi/contracts';

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
 * @throws terminal `nothing-to-replay`
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

/** An address that nothing can be sent to: what is not in the ledger cannot be asked. */
const nowhere = 'replay://nobody';

/**
 * The settings with which the campaign comes to the same again: what depends on time, machine or money is fixed at what
 * it was. `models`: who answered each role, by the ledger, where the settings left it to the environment.
 */
export function replaySettingsOf(
  campaign: CampaignRecord,
  scope: ReplayScope,
  modelByRole: ReadonlyMap<string, string>,
): CampaignSettings {
  const { settings } = campaign;
  const { common, ...roles } = settings.models;
  const withoutAddress = Object.entries(roles).map(([role, { baseUrl: _, ...changes }]) => {
    const model = changes.model ?? common.model ?? modelByRole.get(role) ?? null;
    return [role, { ...changes, model }] as const;
  });
  return {
    ...settings,
    models: { common: { ...common, baseUrl: nowhere }, ...(Object.fromEntries(withoutAddress) as typeof roles) },
    spending: { ...settings.spending, campaign: noCap, experiment: noCap, roles: {} },
    budget: { ...settings.budget, minutes: null, maximalAttempts: scope.candidates },
    confirmation: scope.withConfirmations
      ? { ...settings.confirmation, minutes: null }
      : { ...settings.confirmation, best: 0 },
    inFlight: campaign.inFlight,
  };
}

const noCap = { dollars: null, tokens: null };
