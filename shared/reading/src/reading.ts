import type { Bus } from '@asi/bus';
import type { CallRecord, CampaignSettings, Confirmation, ConfirmationResult, Reference } from '@asi/contracts';
import type { Artifact } from '@asi/store';
import type { ArmComparison } from './views/arms.ts';
import type { History } from './views/best-so-far.ts';
import type { Calls } from './views/calls.ts';
import type { CampaignSummary } from './views/campaign-summary.ts';
import type { Contributions } from './views/contributions.ts';
import type { Costs } from './views/costs.ts';
import type { Curves } from './views/curves.ts';
import type { ExperimentView } from './views/experiment-view.ts';
import type { Failure } from './views/failures.ts';
import type { JournalLine } from './views/journal-line.ts';
import type { Leaderboard } from './views/leaderboard.ts';
import type { NoiseView } from './views/noise.ts';
import type { Progress } from './views/progress.ts';
import type { Reached } from './views/reached.ts';
import type { Status } from './views/status.ts';
import type { Tree } from './views/tree.ts';

export type JournalFilter = {
  readonly experimentId?: string;
  /** Messages of this campaign and of its experiments. */
  readonly campaignId?: string;
  /** Messages whose type contains one of these, for example `training` or `asi.training.finished.v1`. */
  readonly types?: readonly string[];
  /** Messages that one of these roles said, or that a command asks of it. */
  readonly roles?: readonly string[];
  readonly fromSequence?: number;
  /** Go on with what is published later, until the signal aborts. */
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
};

/**
 * Everything a person may look at, as plain data: the `--json` of the command and the JSON of the dashboard. Without a
 * campaign id the open campaign is meant, or the newest when none is open; a view of a campaign is null when there is none.
 */
export type Reading = {
  /** Oldest first. */
  campaigns(): Promise<CampaignSummary[]>;
  campaign(campaignId?: string): Promise<CampaignSummary | null>;
  /** Seed of the held-out data on which a candidate of the campaign would be scored. A secret: for a scorer, and in no view. */
  heldOutSeed(campaignId: string, replicate: number): Promise<string | null>;
  progress(campaignId?: string): Promise<Progress | null>;
  leaderboard(campaignId?: string): Promise<Leaderboard | null>;
  /** Of the campaign, in the order in which they were begun, with what they came to so far. */
  confirmations(campaignId?: string): Promise<ConfirmationResult[] | null>;
  /** The plans of these, in the same order: what is trained, and how it is judged. */
  confirmationPlans(campaignId?: string): Promise<Confirmation[] | null>;
  /** Zero, band and noise that its scores refer to; null also until the baselines are measured. */
  reference(campaignId?: string): Promise<Reference | null>;
  /** Null also until the baselines are measured. */
  noise(campaignId?: string): Promise<NoiseView | null>;
  /** The experiments that the counts of the progress are counts of. */
  reached(campaignId?: string): Promise<Reached | null>;
  /** Of every experiment that has ended, reused baselines and the runs of its confirmations included. */
  endedIds(campaignId?: string): Promise<string[] | null>;
  failures(campaignId?: string): Promise<Failure[] | null>;
  tree(campaignId?: string): Promise<Tree | null>;
  history(campaignId?: string): Promise<History | null>;
  contributions(campaignId?: string): Promise<Contributions | null>;
  costs(campaignId?: string): Promise<Costs | null>;
  /**
   * What its language models cost.
   * @param spending caps and prices that it is told by, in the place of those that the campaign has
   */
  calls(campaignId?: string, spending?: CampaignSettings['spending']): Promise<Calls | null>;
  /** What its arms came to; null also when it is not split. */
  arms(campaignId?: string): Promise<ArmComparison | null>;
  /** Calls of language models for one experiment, oldest first, with the dollars that they have in the sums. */
  callsFor(experimentId: string): Promise<CallRecord[]>;
  /** Finished or under way; null when there is none with this id. */
  experiment(id: string): Promise<ExperimentView | null>;
  /** Training losses of a measured experiment by task. */
  curves(id: string): Promise<Curves | null>;
  artifact(hash: string): Promise<Artifact | null>;
  status(): Promise<Status>;
  journal(filter?: JournalFilter): AsyncGenerator<JournalLine>;
  /** For what is not a view: live telemetry, publishing. */
  readonly bus: Bus;
  close(): Promise<void>;
};
