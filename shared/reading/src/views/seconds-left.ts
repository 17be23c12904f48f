import type { CampaignRecord } from '@asi/contracts';

/** What a campaign still has to train, in trainings, and how long one takes. */
export type WorkLeft = {
  /** Seconds from one measured experiment to the next; null while that is not known. */
  readonly pace: number | null;
  readonly baselines: number;
  /** Wanted, as if there were no limit of time. */
  readonly candidates: number;
  /** Of these, sampled already. */
  readonly candidatesUnderWay: number;
  /** Trainings of confirmations up to their next looks. */
  readonly confirmations: number;
  /** In which candidates may still be sampled; null without a limit. */
  readonly secondsToSample: number | null;
};

const longLimit = 600;

/** Seconds until the campaign is over, as an estimate; null while nothing can be said. */
export function secondsLeft({ pace, secondsToSample, ...left }: WorkLeft): number | null {
  // A limit of time says for how long it goes on at least; beside a long one what is under way at its end is little.
  if (pace === null) return secondsToSample !== null && secondsToSample >= longLimit ? secondsToSample : null;
  const inTime = secondsToSample === null ? left.candidates : Math.floor(secondsToSample / pace) - left.baselines;
  // What is under way when the time is up still comes to its end.
  const candidates = Math.min(left.candidates, Math.max(left.candidatesUnderWay, inTime));
  return pace * (left.baselines + candidates + left.confirmations);
}

/** In which candidates may still be sampled; null without a limit. Stopped time counts. */
export function secondsToSample(
  {
    settings: {
      budget: { minutes },
    },
    startedAt,
    candidatesEndedAt,
  }: Pick<CampaignRecord, 'settings' | 'startedAt' | 'candidatesEndedAt'>,
  now: Date,
): number | null {
  if (candidatesEndedAt !== null) return 0;
  return minutes === null ? null : Math.max(0, minutes * 60 - (now.getTime() - Date.parse(startedAt)) / 1000);
}
