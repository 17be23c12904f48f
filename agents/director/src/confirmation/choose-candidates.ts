import type { CampaignRecord, Reference } from '@asi/contracts';
import { chanceOfConfirming, estimatorOf, levelOf, looksFor, worthwhileChance } from '@asi/statistics';
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
 * Whom to confirm at the end of a campaign: the best by provisional merit among those whom the test that the laboratory can
 * afford now is likely enough to show better than DeltaNet and than their parent. A function of settled experiments and of
 * `earlier`, the number of confirmations that the laboratory has begun: the order of results changes nothing. C3: never one
 * that is suspected to look ahead.
 */
export function chooseForConfirmation(
  campaign: CampaignRecord,
  reference: Reference,
  knowledge: Knowledge,
  earlier: number,
): Choice {
  const { best, seeds } = campaign.settings.confirmation;
  if (best === 0) return { chosen: [], note: '' };
  const { provisional } = evidenceOf(campaign, reference, knowledge);
  const estimate = estimatorOf(reference, provisional);
  const { merit: deviation, degreesOfFreedom } = reference.noise;
  const plan = {
    looks: looksFor(seeds),
    level: levelOf(earlier + 1),
    noise: { deviation, degreesOfFreedom },
    rule: campaign.confirmationRule,
  };
  const sent = new Set<string>(campaign.confirmations.map(({ candidateId }) => candidateId));
  const ranked = knowledge
    .completedCandidates(campaign.number)
    .filter(({ entry, program, suspectLeak }) => program && !suspectLeak && !sent.has(entry.experimentId))
    .flatMap((one) => {
      const own = estimate(one.entry.experimentId);
      const others = rivalsOf(one, knowledge).flatMap(({ id }) => estimate(id) ?? []);
      const merit = provisional.meritOf(one.entry.experimentId);
      return own && merit !== null ? [{ one, merit, chance: chanceOfConfirming(own, others, plan) }] : [];
    })
    .sort((a, b) => b.merit - a.merit || (a.one.ordinal ?? 0) - (b.one.ordinal ?? 0));
  const chosen = ranked.filter(({ chance }) => chance >= worthwhileChance).slice(0, best);
  if (chosen.length > 0) return { chosen: chosen.map(({ one }) => one), note: '' };
  if (ranked.length === 0) return { chosen: [], note: sent.size > 0 ? '' : 'no candidate was there to confirm' };
  const { one, chance } = ranked.reduce((best, other) => (other.chance > best.chance ? other : best));
  const id = one.entry.experimentId;
  return {
    chosen: [],
    note: `nothing was sent to confirmation: ${seeds} fresh seeds would show ${id} better than DeltaNet and its parent with a chance of ${percent(chance)} (${percent(worthwhileChance)} are asked for); asi confirm ${id} does it all the same, with --seeds N for more`,
  };
}

const percent = (share: number): string => (share < 0.01 ? 'below 1 %' : `${Math.floor(100 * share)} %`);
