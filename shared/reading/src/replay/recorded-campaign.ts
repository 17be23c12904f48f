import { type CampaignRecord, type ExperimentRecord, type Insight, terminal } from '@asi/contracts';
import {
  callsIn,
  campaignsIn,
  type Database,
  experimentsIn,
  inflightIn,
  insightsIn,
  type StoredCall,
} from '@asi/store';
import { findCampaign, loadMaterial } from '../load-material.ts';
import { confirmationsOf } from '../views/confirmations.ts';
import type { DecidedCampaign } from './decisions.ts';
import { type ReplayScope, replayScopeOf } from './replay-scope.ts';

/** A campaign as it is on record, as far as it is run again. */
export type RecordedCampaign = DecidedCampaign & {
  readonly campaign: CampaignRecord;
  readonly scope: ReplayScope;
  /** Calls of language models for it, oldest first. */
  readonly calls: readonly StoredCall[];
};

/**
 * Reads what a replay is compared with.
 * @param campaignId null: the newest
 * @throws terminal `no-campaign`, `nothing-to-replay`
 */
export async function recordedCampaign(database: Database, campaignId: string | null): Promise<RecordedCampaign> {
  const campaign = await findCampaign(campaignsIn(database), campaignId ?? undefined);
  if (!campaign)
    throw terminal(
      'no-campaign',
      campaignId === null
        ? 'there is no campaign yet; start one with asi run'
        : `there is no campaign ${campaignId}; asi status lists them`,
    );
  const own: ExperimentRecord[] = [];
  for await (const record of experimentsIn(database).all({ campaignId: campaign._id })) own.push(record);
  const scope = replayScopeOf(campaign, own);
  const calls: StoredCall[] = [];
  for await (const call of callsIn(database).all({ campaignId: campaign._id })) calls.push(call);
  calls.sort((a, b) => (a.openedAt < b.openedAt ? -1 : 1));
  return { ...(await decided(database, campaign, own, scope)), campaign, scope, calls };
}

/** What a campaign decided, within the scope of its replay. */
export async function decidedCampaign(
  database: Database,
  campaignId: string,
  scope: ReplayScope,
): Promise<DecidedCampaign> {
  const campaign = await campaignsIn(database).get(campaignId);
  if (!campaign) throw terminal('no-campaign', `the replay has no campaign ${campaignId}`);
  const own: ExperimentRecord[] = [];
  for await (const record of experimentsIn(database).all({ campaignId })) own.push(record);
  return decided(database, campaign, own, scope);
}

async function decided(
  database: Database,
  campaign: CampaignRecord,
  own: readonly ExperimentRecord[],
  { candidates, withConfirmations }: ReplayScope,
): Promise<DecidedCampaign> {
  const planned = campaign.confirmations.filter(({ requestedBy }) => requestedBy === 'plan');
  const runs = new Set<string>(planned.flatMap((one) => [...one.runs, ...one.against.flatMap(({ runs }) => runs)]));
  const compared = own.filter(({ _id, kind, ordinal, outcome }) => {
    if (kind === 'candidate') return (ordinal ?? 0) <= candidates;
    return kind === 'baseline' ? outcome !== 'cancelled' : withConfirmations && runs.has(_id);
  });
  const insights = new Map<string, Insight>();
  for (const { _id, analysis } of compared) {
    const insight = analysis && (await insightsIn(database).get(_id));
    if (insight) insights.set(_id, insight);
  }
  const all: ExperimentRecord[] = [];
  for await (const record of experimentsIn(database).all()) all.push(record);
  const finished = { all: async () => all, get: async () => null, close: () => undefined };
  const results = confirmationsOf(await loadMaterial(campaign, finished, inflightIn(database)));
  const confirmations = withConfirmations ? results.filter(({ requestedBy }) => requestedBy === 'plan') : [];
  return { campaign, experiments: compared, insights, confirmations };
}
