import type { CampaignRecord, ExperimentRecord } from '@asi/contracts';
import type { Inflight } from '@asi/store';

/** Everything the views of one campaign are functions of. */
export type Material = {
  readonly campaign: CampaignRecord;
  /** Settled candidates of the campaign, in the order of sampling. */
  readonly candidates: readonly ExperimentRecord[];
  /** Settled runs of baselines, reused ones of earlier campaigns included. */
  readonly baselines: readonly ExperimentRecord[];
  /** Settled trainings with fresh seeds that its confirmations rest on, those of earlier campaigns included. */
  readonly confirmationRuns: readonly ExperimentRecord[];
  /** Experiments of the campaign that are not settled. */
  readonly inflight: readonly Inflight[];
  /** Settled candidates and baselines of earlier campaigns with the same yardstick: possible ancestors. */
  readonly earlier: readonly ExperimentRecord[];
};
