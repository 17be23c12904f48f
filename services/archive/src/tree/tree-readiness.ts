import { type CampaignRecord, campaignIdOf } from '@asi/contracts';
import type { Tree, TreeHorizon } from './tree.ts';

export type TreeReadiness = {
  /** Of everything, the baselines included. */
  isReady(at: TreeHorizon): Promise<boolean>;
  hasCandidates(at: Pick<TreeHorizon, 'campaignNumber' | 'horizon'>): boolean;
};

/**
 * Whether the tree has heard of everything that a horizon includes: earlier campaigns, the candidates up to it, and the baselines that
 * the campaign rests on. Without these, a row of a baseline would be there or not by a race of messages.
 */
export function createTreeReadiness(
  tree: Pick<Tree, 'settledUpTo' | 'isSettled' | 'knowsBefore'>,
  campaignOf: (id: string) => Promise<Pick<CampaignRecord, 'baselineIds'> | null>,
): TreeReadiness {
  const withBaselines = new Set<number>();
  const hasCandidates: TreeReadiness['hasCandidates'] = ({ campaignNumber, horizon }) =>
    tree.knowsBefore(campaignNumber) && tree.settledUpTo(campaignNumber) >= horizon;
  return {
    hasCandidates,
    isReady: async (at) => {
      const { campaignNumber } = at;
      if (!hasCandidates(at)) return false;
      if (withBaselines.has(campaignNumber)) return true;
      const campaign = await campaignOf(campaignIdOf(campaignNumber));
      const complete = (campaign?.baselineIds ?? []).every((id) => tree.isSettled(id));
      if (complete && campaign) withBaselines.add(campaignNumber);
      return complete;
    },
  };
}
