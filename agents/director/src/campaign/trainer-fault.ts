import { type CampaignRecord, trainerOf } from '@asi/contracts';
import type { RunnersSeen } from '../runners.ts';
import { mixedTrainers } from './sole-trainer.ts';

const goesOn = 'asi run goes on (on a running stack asi resume)';

/** Why what these runners measure would not compare with what a campaign has measured, and what to do; null when it would. */
export function trainerFault(
  { _id, yardstick }: Pick<CampaignRecord, '_id' | 'yardstick'>,
  seen: Pick<RunnersSeen, 'trainers'>,
): string | null {
  const mixed = mixedTrainers(seen);
  const begunWith = trainerOf(yardstick);
  if (mixed) return `${mixed}, that of campaign ${_id}: ${begunWith.slice(0, 12)}; then ${goesOn}`;
  const [{ version }] = seen.trainers;
  if (version === begunWith) return null;
  return `the trainer has changed since campaign ${_id}: what it measures now does not compare with what it measured then (it began with trainer ${begunWith.slice(0, 12)}, the runners have ${version.slice(0, 12)} now); asi run --new gives it up and starts another campaign, which begins from nothing, for no earlier result compares; or bring back the version that began it, then ${goesOn}`;
}
