import type { JobId, JobOutcome, JobSpec } from '@asi/runner-client';
import type { ProcessIdentity } from '../ledger/job-record.ts';
import type { ProgressEvent } from '../process/trainer-event.ts';

export type Assignment = {
  jobId: JobId;
  spec: JobSpec;
  /** Index of the slot, unique among the jobs that run at the same time. */
  slot: number;
  /** Called once, before the job is given its work: the ledger then knows the process. Null: no process of its own. */
  onLaunch: (process: ProcessIdentity | null) => void;
  onEvent: (event: ProgressEvent) => void;
};

export type Execution = {
  /** Settles when no process of the job is left; does not reject. */
  outcome: Promise<JobOutcome>;
  /** Asks it to stop, and makes it stop after the grace. */
  stop: (graceMilliseconds: number) => void;
};

/** What a slot does with a job. */
export type Executor = (assignment: Assignment) => Execution;
