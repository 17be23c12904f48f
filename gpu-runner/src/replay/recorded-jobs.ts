import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashJson } from '@asi/contracts';
import type { FinishedEvent, JobEventBody, JobSpec } from '@asi/runner-client';
import { decodeEvent, files, readSubmission } from '../ledger/read-job-folder.ts';

/** A job that a runner has finished, as its ledger holds it. */
export type RecordedJob = {
  readonly jobId: string;
  readonly spec: JobSpec;
  readonly folder: string;
  readonly finishedAt: string;
  /** Where it ran: `cpu`, `cuda`; what was asked for where it did not begin. */
  readonly device: string;
};

/** Finished jobs of one campaign by their work. */
export type RecordedJobs = ReadonlyMap<string, RecordedJob>;

/**
 * What makes two jobs the same work for the same experiment, whichever attempt at it they were. The budget of a training is
 * that of its campaign, and trainings recorded before they were given one are the same work.
 */
export const workOf = ({ attempt: _, token: __, labels, ...work }: JobSpec): string =>
  hashJson({
    experiment: labels.experiment ?? null,
    work: work.kind === 'train' ? { ...work, parameterBudget: null } : work,
  });

/**
 * Reads the ledgers of runners, and changes nothing in them: a runner may be at work on them. Of several attempts at one
 * work the last counts that told something of the program; what was lost, cancelled or failed around it does not.
 * @param ledgers homes of runners; one without jobs is passed over
 */
export function readRecordedJobs(ledgers: readonly string[], campaignId: string): RecordedJobs {
  const jobs = new Map<string, RecordedJob>();
  for (const home of ledgers) {
    const folder = join(home, 'jobs');
    if (!existsSync(folder)) continue;
    for (const name of readdirSync(folder)) {
      const job = readJob(join(folder, name), campaignId);
      if (!job) continue;
      const work = workOf(job.spec);
      const known = jobs.get(work);
      if (!known || known.finishedAt < job.finishedAt) jobs.set(work, job);
    }
  }
  return jobs;
}

function readJob(folder: string, campaignId: string): RecordedJob | null {
  const submission = readSubmission(folder);
  if (submission === null || submission.spec.labels.campaign !== campaignId) return null;
  const finished = endOf(readEvents(folder));
  if (finished === null || !tellsOfTheProgram(finished)) return null;
  const { jobId, spec, queued } = submission;
  const { device } = finished.provenance;
  return { jobId, spec, folder, finishedAt: finished.times.finished ?? queued, device };
}

const tellsOfTheProgram = ({ outcome }: FinishedEvent): boolean =>
  outcome.status === 'failed'
    ? outcome.reason !== 'environment'
    : outcome.status !== 'lost' && outcome.status !== 'cancelled';

/** The events of a job in order; what a crash left half written at the end is left out. */
export function readEvents(folder: string): JobEventBody[] {
  const path = join(folder, files.events);
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  const events: JobEventBody[] = [];
  for (const line of lines.slice(0, -1)) {
    try {
      events.push(decodeEvent(line).event);
    } catch {
      break;
    }
  }
  return events;
}

/** How the job ended; null when it did not. */
export function endOf(events: readonly JobEventBody[]): FinishedEvent | null {
  const last = events.at(-1);
  return last?.type === 'finished' ? last : null;
}
