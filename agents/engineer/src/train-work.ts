import type { DataOf, Envelope, Measurement, Revision } from '@asi/contracts';
import type { Program } from '@asi/runner-client';

export type TrainCommand = { readonly envelope: Envelope; readonly data: DataOf<'train'> };
export type Verdict =
  | { readonly kind: 'measured'; readonly measurement: Measurement }
  | { readonly kind: 'failed'; readonly failure: Pick<DataOf<'trainingFailed'>, 'kind' | 'reason' | 'seconds'> };

/** A program with the revisions that led to it; without any it is the command's own. */
export type TrainWork = {
  readonly command: TrainCommand;
  readonly program: Program;
  readonly revisions: readonly Revision[];
};

export type FollowedWork = TrainWork & {
  /** To be called when the runner has given the job a slot; again does no harm. */
  readonly onSlot: () => void;
};

export type ReportWork = {
  readonly command: TrainCommand;
  readonly verdict: Verdict;
  readonly revisions: readonly Revision[];
};
