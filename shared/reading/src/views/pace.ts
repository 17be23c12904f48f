import type { Material } from './material.ts';

const window = 20;
// A longer gap is a pause of the campaign or a stopped stack, not work.
const longestGapSeconds = 600;

/**
 * Seconds of work from one measured experiment of the campaign to the next, over the latest ones; before the second that of
 * the campaign whose baselines it reuses, for the same suite and trainer; null where there is neither.
 * Measurements count, not ends: all baselines end at the same moment, when the last of them is measured.
 */
export function secondsPerExperiment(
  { campaign, candidates, baselines, confirmationRuns, inflight }: Material,
  now: Date,
): number | null {
  const finished = [...candidates, ...baselines, ...confirmationRuns].filter(
    (one) => one.campaignId === campaign._id && one.measurement,
  );
  const known = new Set(finished.map((one) => one._id as string));
  const waiting = inflight.flatMap((one) => (one.view.measuredAt && !known.has(one._id) ? [one.view.measuredAt] : []));
  const measured = [campaign.startedAt, ...finished.map(measuredAtOf), ...waiting];
  const worked = measured.length < 3 ? [] : gapsOf(measured);
  if (worked.length === 0) {
    const reused = baselines.filter((one) => one.campaignId !== campaign._id && one.measurement);
    return meanOf(gapsOf(reused.map(measuredAtOf)));
  }
  const mean = meanOf(worked) ?? 0;
  const since = (now.getTime() - Math.max(...measured.map((time) => Date.parse(time)))) / 1000;
  // While the next one takes longer than the mean, the mean is known to be too small.
  return campaign.state === 'running' && since < longestGapSeconds && since > mean
    ? (mean * worked.length + since) / (worked.length + 1)
    : mean;
}

const measuredAtOf = (one: { readonly measuredAt: string | null; readonly finishedAt: string }): string =>
  one.measuredAt ?? one.finishedAt;

/** Seconds of work between the latest of these times. */
function gapsOf(times: readonly string[]): number[] {
  const latest = times
    .map((time) => Date.parse(time))
    .sort((a, b) => a - b)
    .slice(-window - 1);
  return latest
    .slice(1)
    .map((time, index) => (time - (latest[index] ?? time)) / 1000)
    .filter((gap) => gap <= longestGapSeconds);
}

const meanOf = (gaps: readonly number[]): number | null =>
  gaps.length === 0 ? null : gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
