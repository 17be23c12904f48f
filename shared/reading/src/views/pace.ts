import type { Material } from './material.ts';

const window = 20;
// A longer gap is a pause of the campaign or a stopped stack, not work.
const longestGapSeconds = 600;

/**
 * Seconds of work from one measured experiment of the campaign to the next, over the latest ones; null before the second.
 * Measurements count, not ends: all baselines end at the same moment, when the last of them is measured.
 */
export function secondsPerExperiment(
  { campaign, candidates, baselines, confirmationRuns, inflight }: Material,
  now: Date,
): number | null {
  const finished = [...candidates, ...baselines, ...confirmationRuns].filter(
    (one) => one.campaignId === campaign._id && one.measurement,
  );
  const measured = finished.map((one) => one.measuredAt ?? one.finishedAt);
  const known = new Set(finished.map((one) => one._id as string));
  const waiting = inflight.flatMap((one) => (one.view.measuredAt && !known.has(one._id) ? [one.view.measuredAt] : []));
  const times = [campaign.startedAt, ...measured, ...waiting]
    .map((time) => Date.parse(time))
    .sort((a, b) => a - b)
    .slice(-window - 1);
  if (times.length < 3) return null;
  const gaps = times.slice(1).map((time, index) => (time - (times[index] ?? time)) / 1000);
  const worked = gaps.filter((gap) => gap <= longestGapSeconds);
  if (worked.length === 0) return null;
  const mean = worked.reduce((sum, gap) => sum + gap, 0) / worked.length;
  const since = (now.getTime() - (times.at(-1) ?? 0)) / 1000;
  // While the next one takes longer than the mean, the mean is known to be too small.
  return campaign.state === 'running' && since < longestGapSeconds && since > mean
    ? (mean * worked.length + since) / (worked.length + 1)
    : mean;
}
