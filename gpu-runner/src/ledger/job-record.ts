import {
  type Job,
  type JobEvent,
  jobIdSchema,
  jobOutcomeSchema,
  jobSpecSchema,
  jobTimesSchema,
} from '@asi/runner-client';
import { z } from 'zod';

/** `spec.json`: written and synced before Submit answers. */
export const submissionSchema = z.object({
  jobId: jobIdSchema,
  specHash: z.string(),
  queued: z.string(),
  spec: jobSpecSchema,
});
export type Submission = z.output<typeof submissionSchema>;

/** `process.json`: written before the process is given its work. `startTime` tells the process from a later one with the same pid. */
export const processIdentitySchema = z.object({ pid: z.int().positive(), startTime: z.string() });
export type ProcessIdentity = z.output<typeof processIdentitySchema>;
export const launchSchema = z.object({
  process: processIdentitySchema.nullable(),
  /** What marks every process of the job; absent: the ledger's id and the job's. */
  mark: z.string().optional(),
  slot: z.int().nonnegative(),
  started: z.string(),
});
export type Launch = z.output<typeof launchSchema>;

const statuses = jobOutcomeSchema.options.map((option) => option.shape.status.value);

/** `summary.json`: written after the last event, so that a restart need not read the events of finished jobs. */
export const summarySchema = z.object({
  lastSeq: z.int().positive(),
  bytes: z.int().positive(),
  times: jobTimesSchema,
  status: z.enum(statuses),
});
export type Summary = z.output<typeof summarySchema>;

/** A job in memory: what List shows, how far its event file reaches, and (while it is not finished) the work itself. */
export type JobRecord = Job & {
  bytes: number;
  launch: Launch | null;
  /** When its last event came; null before the first and once it is finished. */
  heardAt: string | null;
};

export const queuedRecord = ({ jobId, specHash, queued, spec }: Submission): JobRecord => ({
  jobId,
  specHash,
  kind: spec.kind,
  state: 'queued',
  attempt: spec.attempt,
  labels: spec.labels,
  lastSeq: 0,
  times: { queued, started: null, working: null, finished: null },
  status: null,
  slot: null,
  bytes: 0,
  launch: null,
  heardAt: null,
});

export const launched = (record: JobRecord, launch: Launch): JobRecord => ({
  ...record,
  state: 'running',
  slot: launch.slot,
  times: { ...record.times, started: launch.started },
  launch,
});

/** The record after one more stored event, which took `bytes` in the file. */
export const advanced = (record: JobRecord, { seq, time, event }: JobEvent, bytes: number): JobRecord => {
  const next = { ...record, lastSeq: seq, bytes: record.bytes + bytes, heardAt: time };
  if (event.type === 'phase' && event.phase !== 'starting' && record.times.working === null) {
    return { ...next, times: { ...record.times, working: time } };
  }
  if (event.type === 'finished') {
    return { ...next, state: 'finished', status: event.outcome.status, times: event.times, heardAt: null };
  }
  return next;
};

export const jobOf = ({ bytes: _, launch: __, heardAt: ___, ...job }: JobRecord): Job => job;
