import type { JobId, JobOutcome, JobSpec } from '@asi/runner-client';
import type { ProcessIdentity } from '../ledger/job-record.ts';
import type { ProgressEvent } from '../process/trainer-event.ts';

export type Assignment = {
  jobId: JobId;
  spec: JobSpec;
  /** Index of the slot, unique among the jobs that run at the same time. */
  slot: number;
  /** Called once, before the job is given its work: the ledger then knows the process and what marks all that it starts. Null: no process of its own. */
  onLaunch: (process: ProcessIdentity | null, mark?: string) => void;
  onEvent: (event: ProgressEvent) => void;
};

export type Execution = {
  /** Settles when no process of the job is left; does not reject. */
  outcome: Promise<JobOutcome>;
  /** Asks it to stop, and makes it stop after the grace. */
  stop: (graceMilliseconds: number) => void;
};

/** What the slots do with jobs. */
export type Executor = {
  run: (assignment: Assignment) => Execution;
  /** A job with limits like these may soon begin in this slot, which is free: time to make ready what every job has to wait for. */
  prepare?: (slot: number, spec: JobSpec) => void;
  /** Ends what was made ready and is not used. */
  close?: () => Promise<void>;
};
