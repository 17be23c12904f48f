import { isOpenCampaign } from '@asi/contracts';
import type { Progress } from '@asi/reading';

/** Stands in the place of a leaderboard without rows: what has ended without a result is listed apart. */
export function nothingRanked({ state, inFlight }: Pick<Progress, 'state' | 'inFlight'>): string {
  if (!isOpenCampaign({ state }))
    return `nothing has a result: campaign and all that was under way are ${state}, also what was measured and waited for the baselines`;
  return inFlight.length === 0
    ? 'nothing has a result yet, and nothing is under way'
    : 'nothing has a result yet: asi status tells what is under way, and what is measured and waits for the baselines';
}
