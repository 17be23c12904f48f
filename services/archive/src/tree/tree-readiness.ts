import { type CampaignRecord, campaignIdOf } from '@asi/contracts';
import type { Tree, TreeHorizon } from './tree.ts';

export type TreeReadiness = { isReady(at: TreeHorizon): Promise<boolean> };

/**
 * Whether the tree has heard of everything that a horizon includes: the candidates up to it, and the baselines that the
 * campaign rests on. Without the second, a row of a baseline would be there or not by a race of messages.
 */
export function createTreeReadiness(
  tree: Pick<Tree, 'settledUpTo' | 'isSettled'>,
  campaignOf: (id: string) => Promise<Pick<CampaignRecord, 'baselineIds'> | null>,
): TreeReadiness {
  const withBaselines = new Set<number>();
  return {
    isReady: async ({ campaignNumber, horizon }) => {
      if (tree.settledUpTo(campaignNumber) < horizon) return false;
      if (withBaselines.has(campaignNumber)) return true;
      const campaign = await campaignOf(campaignIdOf(campaignNumber));
      const complete = (campaign?.baselineIds ?? []).every((id) => tree.isSettled(id));
      if (complete && campaign) withBaselines.add(campaignNumber);
      return complete;
    },
  };
}
