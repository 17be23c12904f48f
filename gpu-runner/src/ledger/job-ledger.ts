import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, hashJson, messageOf } from '@asi/contracts';
import { type JobEvent, type JobEventBody, type JobId, type JobSpec, runnerError } from '@asi/runner-client';
import { writeNew, writeWhole } from './durable-file.ts';
import {
  advanced,
  type JobRecord,
  type Launch,
  launched,
  queuedRecord,
  type Submission,
  type Summary,
} from './job-record.ts';
import { ledgerIdentity } from './ledger-identity.ts';
import { encodeEvent, files, readJobFolder, readSubmission } from './read-job-folder.ts';

/** The runner's memory on disk: one folder per job, one append-only file of events in it. The only writer is this process. */
export type JobLedger = {
  /** Stable for the life of the folder; marks the processes that belong to it. */
  id: string;
  /** Idempotent by job id. Durable when it returns. Errors: `job-conflict`. */
  submit: (jobId: JobId, spec: JobSpec) => { existed: boolean; record: JobRecord };
  /** Errors: `job-unknown`. */
  get: (jobId: JobId) => JobRecord;
  specification: (jobId: JobId) => JobSpec;
  /** All jobs, oldest first. */
  all: () => IterableIterator<JobRecord>;
  /** Says which process works for the job from now on. */
  launch: (jobId: JobId, launch: Launch) => void;
  /** Appends the next event. The last one, `finished`, is durable when this returns. */
  append: (jobId: JobId, event: JobEventBody) => JobEvent;
  /** Resolves at the next append to the job. */
  changed: (jobId: JobId) => Promise<void>;
  eventFile: (jobId: JobId) => string;
  folder: (jobId: JobId) => string;
  close: () => void;
};

export type LedgerOptions = {
  clock: Clock;
  /** Off only where a crash of the machine does not matter. */
  durable?: boolean;
  /** How many finished jobs outlive a restart, the newest: results are kept elsewhere, the ledger is for re-attaching. Default 5,000. */
  keepFinished?: number;
};

/** What makes two submissions the same work: everything but the labels. */
export const specHashOf = ({ labels: _, ...identity }: JobSpec): string => hashJson(identity);

const storeSubmission = (folder: string, submission: Submission, durable: boolean): void => {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, files.submission);
    if (durable) writeNew(path, JSON.stringify(submission));
    else writeWhole(path, JSON.stringify(submission), false);
  } catch (error) {
    throw runnerError(
      'runner-full',
      `the runner cannot store jobs in ${folder}: free disk space (${messageOf(error)})`,
    );
  }
};

/** Opens, or creates, the ledger in `home`. The caller holds the lock of that folder. */
export const openJobLedger = (home: string, options: LedgerOptions): JobLedger => {
  const { clock, durable = true, keepFinished = 5_000 } = options;
  const jobsFolder = join(home, 'jobs');
  mkdirSync(jobsFolder, { recursive: true, mode: 0o700 });
  const id = ledgerIdentity(home, randomUUID);
  const records = new Map<JobId, JobRecord>();
  const descriptors = new Map<JobId, number>();
  const changes = new Map<JobId, PromiseWithResolvers<void>>();
  const folder = (jobId: JobId) => join(jobsFolder, jobId);
  const eventFile = (jobId: JobId) => join(folder(jobId), files.events);

  const found = readdirSync(jobsFolder).map((name) => ({ name, record: readJobFolder(join(jobsFolder, name)) }));
  for (const { name } of found.filter(({ record }) => record === null)) {
    rmSync(join(jobsFolder, name), { recursive: true });
  }
  const readable = found.flatMap(({ record }) => (record === null ? [] : [record]));
  readable.sort((a, b) => a.times.queued.localeCompare(b.times.queued) || a.jobId.localeCompare(b.jobId));
  const finished = readable.filter(({ state }) => state === 'finished');
  const outdated = new Set(finished.slice(0, Math.max(0, finished.length - keepFinished)));
  for (const record of readable) {
    if (outdated.has(record)) rmSync(folder(record.jobId), { recursive: true });
    else records.set(record.jobId, record);
  }

  const get = (jobId: JobId): JobRecord => {
    const record = records.get(jobId);
    if (record === undefined) throw runnerError('job-unknown', `this runner has no job ${jobId}: submit it`);
    return record;
  };
  const descriptorOf = (jobId: JobId): number => {
    const open = descriptors.get(jobId) ?? openSync(eventFile(jobId), 'a', 0o600);
    descriptors.set(jobId, open);
    return open;
  };
  const finish = (jobId: JobId, record: JobRecord): void => {
    closeSync(descriptorOf(jobId));
    descriptors.delete(jobId);
    if (record.status === null) return;
    const { lastSeq, bytes, times, status } = record;
    const summary: Summary = { lastSeq, bytes, times, status };
    writeWhole(join(folder(jobId), files.summary), JSON.stringify(summary), false);
  };

  return {
    id,
    get,
    folder,
    eventFile,
    submit: (jobId, spec) => {
      const specHash = specHashOf(spec);
      const known = records.get(jobId);
      if (known !== undefined) {
        if (known.specHash === specHash) return { existed: true, record: known };
        throw runnerError('job-conflict', `job ${jobId} exists with other work; give this work another job id`);
      }
      const submission = { jobId, specHash, queued: clock.now().toISOString(), spec };
      storeSubmission(folder(jobId), submission, durable);
      const record = queuedRecord(submission);
      records.set(jobId, record);
      return { existed: false, record };
    },
    specification: (jobId) => {
      const submission = readSubmission(folder(jobId));
      if (submission === null) throw runnerError('job-unknown', `the specification of job ${jobId} is gone`);
      return submission.spec;
    },
    all: () => records.values(),
    launch: (jobId, launch) => {
      // Not synced: it survives the death of this process, and after the death of the machine there is no process left to find.
      writeWhole(join(folder(jobId), files.launch), JSON.stringify(launch), false);
      records.set(jobId, launched(get(jobId), launch));
    },
    append: (jobId, body) => {
      const record = get(jobId);
      const event: JobEvent = { seq: record.lastSeq + 1, time: clock.now().toISOString(), event: body };
      const line = Buffer.from(encodeEvent(event));
      const descriptor = descriptorOf(jobId);
      try {
        for (let sent = 0; sent < line.length; ) sent += writeSync(descriptor, line, sent);
        if (body.type === 'finished' && durable) fsyncSync(descriptor);
      } catch (error) {
        ftruncateSync(descriptor, record.bytes);
        throw error;
      }
      const next = advanced(record, event, line.length);
      records.set(jobId, next);
      if (next.state === 'finished') finish(jobId, next);
      changes.get(jobId)?.resolve();
      changes.delete(jobId);
      return event;
    },
    changed: (jobId) => {
      const change = changes.get(jobId) ?? Promise.withResolvers<void>();
      changes.set(jobId, change);
      return change.promise;
    },
    close: () => {
      for (const descriptor of descriptors.values()) closeSync(descriptor);
      descriptors.clear();
    },
  };
};
