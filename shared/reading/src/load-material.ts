import { type CampaignRecord, isOpenCampaign } from '@asi/contracts';
import type { Inflight, Revisions } from '@asi/store';
import type { FinishedExperiments } from './finished-experiments.ts';
import type { Material } from './views/material.ts';

/** The campaign with this id, or else the one that is running or paused, or else the newest; null when there is none. */
export async function findCampaign(
  campaigns: Revisions<CampaignRecord>,
  campaignId: string | undefined,
): Promise<CampaignRecord | null> {
  if (campaignId !== undefined) return campaigns.get(campaignId);
  const all = (await campaigns.all()).sort((a, b) => b.number - a.number);
  // An older one is open when somebody asked for a confirmation in it.
  return all.find(isOpenCampaign) ?? all[0] ?? null;
}

/** Gathers what the views of one campaign are functions of. */
export async function loadMaterial(
  campaign: CampaignRecord,
  finished: FinishedExperiments,
  inflight: Revisions<Inflight>,
): Promise<Material> {
  // Under way first: what settles between the two reads is then seen twice, never not at all.
  const underWay = await inflight.all();
  const all = await finished.all();
  const reference = new Set(campaign.baselineIds);
  const fresh = new Set<string>(
    campaign.confirmations.flatMap(({ runs, against }) => [...runs, ...against.flatMap((one) => one.runs)]),
  );
  return {
    campaign,
    candidates: all
      .filter((one) => one.kind === 'candidate' && one.campaignId === campaign._id)
      .sort((a, b) => (a.ordinal ?? 0) - (b.ordinal ?? 0)),
    baselines: all
      .filter((one) => one.kind === 'baseline' && (one.campaignId === campaign._id || reference.has(one._id)))
      .sort((a, b) => (a._id < b._id ? -1 : 1)),
    confirmationRuns: all.filter((one) => one.kind === 'confirmation' && fresh.has(one._id)),
    inflight: underWay.filter((one) => !one.settled && one.view.campaignId === campaign._id),
    earlier: all.filter(
      (one) =>
        one.kind !== 'confirmation' &&
        one.campaignNumber < campaign.number &&
        one.yardstick === campaign.yardstick &&
        one.outcome === 'completed',
    ),
  };
}
