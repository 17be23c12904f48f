import { type History, historyOf } from '../views/best-so-far.ts';
import { type Leaderboard, leaderboardOf } from '../views/leaderboard.ts';
import type { Material } from '../views/material.ts';
import { type Progress, progressOf } from '../views/progress.ts';
import { type SampleCampaign, type SampleOptions, sampleCampaign } from './sample-campaign.ts';

/** What the views of a sample campaign are functions of. */
export const materialOf = ({ campaign, experiments, inflight }: SampleCampaign): Material => ({
  campaign,
  candidates: experiments.filter(({ kind }) => kind === 'candidate'),
  baselines: experiments.filter(({ kind }) => kind === 'baseline'),
  confirmationRuns: experiments.filter(({ kind }) => kind === 'confirmation'),
  inflight,
  earlier: [],
});

export const sampleProgress = (options: SampleOptions, now: Date): Progress =>
  progressOf(materialOf(sampleCampaign(options)), now);

/** What a report shows of a sample campaign's scores. */
export const sampleScores = (sample: SampleCampaign): { leaderboard: Leaderboard; history: History } => ({
  leaderboard: leaderboardOf(materialOf(sample)),
  history: historyOf(materialOf(sample)),
});
