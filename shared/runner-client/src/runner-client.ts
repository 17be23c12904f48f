import type { Capabilities, Job, JobState } from './job.ts';
import type { FinishedEvent, JobEvent } from './job-event.ts';
import type { JobId, JobSpec } from './job-spec.ts';

export type CallOptions = { signal?: AbortSignal };

export type WatchOptions = CallOptions & {
  /** Events with a greater sequence number are delivered. Default 0: all. */
  afterSeq?: number;
  /** Called about every 10 s while a job lives, and on nothing else. */
  onHeartbeat?: () => void;
};

/**
 * One runner. Every call throws `RunnerError` and nothing else.
 * `watch` survives broken connections and restarts of the runner: it re-attaches after the last event it delivered, so its reader
 * sees every event exactly once, and it ends after `finished`.
 */
export type RunnerClient = {
  submit: (jobId: JobId, spec: JobSpec, options?: CallOptions) => Promise<{ existed: boolean; job: Job }>;
  watch: (jobId: JobId, options?: WatchOptions) => AsyncIterable<JobEvent>;
  /** Watches until the end and returns it. */
  untilFinished: (jobId: JobId, options?: WatchOptions) => Promise<FinishedEvent>;
  /** `accepted` is false when the job was finished already. */
  cancel: (
    jobId: JobId,
    how: { token: string; graceSeconds?: number },
    options?: CallOptions,
  ) => Promise<{ accepted: boolean; job: Job }>;
  get: (jobId: JobId, options?: CallOptions) => Promise<{ job: Job; finished: FinishedEvent | null }>;
  /** All jobs that carry the labels, oldest first. */
  list: (filter?: { labels?: Record<string, string>; states?: JobState[] }, options?: CallOptions) => Promise<Job[]>;
  capabilities: (options?: CallOptions) => Promise<Capabilities>;
  close: () => void;
};
