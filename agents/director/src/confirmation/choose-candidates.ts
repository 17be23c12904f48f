import type { CampaignRecord, Reference } from '@asi/contracts';
import { chanceOfBeingBetter, estimatorOf, worthwhileChance } from '@asi/statistics';
import type { Knowledge } from '../knowledge.ts';
import type { Remembered } from '../remembered.ts';
import { rivalsOf } from './compared-with.ts';
import { evidenceOf } from './evidence.ts';

export type Choice = {
  /** Best provisional merit first. */
  readonly chosen: readonly Remembered[];
  /** Why nobody was chosen; empty otherwise. */
  readonly note: string;
};

/**
 * Whom to confirm at the end of a campaign: the best by provisional merit among those who are likely enough to be better
 * than DeltaNet and than their parent. A function of settled experiments alone, so that the order of results changes nothing.
 */
export function chooseForConfirmation(campaign: CampaignRecord, reference: Reference, knowledge: Knowledge): Choice {
  const { best } = campaign.settings.confirmation;
  if (best === 0) return { chosen: [], note: '' };
  const { provisional } = evidenceOf(campaign, reference, knowledge);
  const estimate = estimatorOf(reference, provisional);
  const sent = new Set<string>(campaign.confirmations.map(({ candidateId }) => candidateId));
  const ranked = knowledge
    .completedCandidates(campaign.number)
    .filter(({ entry, program }) => program && !sent.has(entry.experimentId))
    .flatMap((one) => {
      const own = estimate(one.entry.experimentId);
      const others = rivalsOf(one, knowledge).flatMap(({ id }) => estimate(id) ?? []);
      const merit = provisional.meritOf(one.entry.experimentId);
      return own && merit !== null ? [{ one, merit, chance: chanceOfBeingBetter(own, others) }] : [];
    })
    .sort((a, b) => b.merit - a.merit || (a.one.ordinal ?? 0) - (b.one.ordinal ?? 0));
  const chosen = ranked.filter(({ chance }) => chance >= worthwhileChance).slice(0, best);
  if (chosen.length > 0) return { chosen: chosen.map(({ one }) => one), note: '' };
  if (ranked.length === 0) return { chosen: [], note: sent.size > 0 ? '' : 'no candidate was there to confirm' };
  const likeliest = Math.max(...ranked.map(({ chance }) => chance));
  return {
    chosen: [],
    note: `nothing was worth confirming with fresh seeds: no candidate is likely to be better than DeltaNet and its parent (${percent(likeliest)} at most; ${percent(worthwhileChance)} are asked for)`,
  };
}

const percent = (share: number): string => (share < 0.01 ? 'below 1 %' : `${Math.floor(100 * share)} %`);
