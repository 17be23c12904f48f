import type { Material } from './material.ts';

const window = 20;
// A longer gap is a pause of the campaign or a stopped stack, not work.
const longestGapSeconds = 600;

/** Seconds of work from one finished experiment of the campaign to the next, over the latest ones; null before the second. */
export function secondsPerExperiment({ campaign, candidates, baselines }: Material, now: Date): number | null {
  const times = [...candidates, ...baselines]
    .filter((one) => one.campaignId === campaign._id)
    .map((one) => Date.parse(one.finishedAt))
    .sort((a, b) => a - b)
    .slice(-window - 1);
  if (times.length < 2) return null;
  const gaps = times.slice(1).map((time, index) => (time - (times[index] ?? time)) / 1000);
  const worked = gaps.filter((gap) => gap <= longestGapSeconds);
  if (worked.length === 0) return null;
  const mean = worked.reduce((sum, gap) => sum + gap, 0) / worked.length;
  const waiting = (now.getTime() - (times.at(-1) ?? 0)) / 1000;
  // While the next one takes longer than the mean, the mean is known to be too small.
  return campaign.state === 'running' && waiting < longestGapSeconds && waiting > mean
    ? (mean * worked.length + waiting) / (worked.length + 1)
    : mean;
}
