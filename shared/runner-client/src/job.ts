import type { JobTimes, OutcomeStatus, Versions } from './job-outcome.ts';
import type { JobId, JobKind } from './job-spec.ts';

export type JobState = 'queued' | 'running' | 'finished';

/** A job as the runner's ledger knows it, without its result. */
export type Job = {
  jobId: JobId;
  /** SHA-256 of everything in the specification but the labels. */
  specHash: string;
  kind: JobKind;
  state: JobState;
  attempt: number;
  labels: Record<string, string>;
  /** Sequence number of the last stored event; 0 when there is none. */
  lastSeq: number;
  times: JobTimes;
  /** Null until finished. */
  status: OutcomeStatus | null;
  /** Null while queued. */
  slot: number | null;
};

/** One escape that the doctor tried; `not-applicable`: it failed without the sandbox too, so it proves nothing. */
export type IsolationProbe = { name: string; verdict: 'blocked' | 'open' | 'not-applicable'; detail: string };

export type Isolation = {
  /** 0: clean environment and resource limits only. 2: own user, namespaces, read-only mounts, no network, system-call filter. */
  tier: number;
  recipe: string;
  probes: IsolationProbe[];
  /** Repeated in the provenance of every result. */
  hash: string;
  /** Why the tier is not higher. */
  note: string;
};

export type SlotUse = { kind: JobKind; total: number; running: number; queued: number };

export type Capabilities = {
  slots: SlotUse[];
  suites: string[];
  builtins: string[];
  devices: ('cpu' | 'cuda')[];
  isolation: Isolation;
  versions: Versions;
  /** When this runner process started, RFC 3339. */
  started: string;
};
