import { jobToWire, runnerError, type runnerProtocol, stateCodec } from '@asi/runner-client';
import type { JobLedger } from '../ledger/job-ledger.ts';
import { jobOf } from '../ledger/job-record.ts';

const largestPage = 1000;

/** One page of the jobs that carry all the labels and are in one of the states, oldest first. Errors: `job-invalid`. */
export const listJobs = (ledger: JobLedger, request: runnerProtocol.ListRequest): runnerProtocol.ListResponse => {
  const states = new Set(request.states.map(stateCodec.fromWire));
  const labels = Object.entries(request.labels);
  const size = Math.min(request.pageSize || largestPage, largestPage);
  const jobs: runnerProtocol.Job[] = [];
  let reached = request.pageToken === '';
  for (const record of ledger.all()) {
    if (!reached) {
      reached = record.jobId === request.pageToken;
      continue;
    }
    if (states.size > 0 && !states.has(record.state)) continue;
    if (labels.some(([name, value]) => record.labels[name] !== value)) continue;
    if (jobs.length === size) return { jobs, nextPageToken: jobs.at(-1)?.jobId ?? '' };
    jobs.push(jobToWire(jobOf(record)));
  }
  if (!reached) {
    throw runnerError(
      'job-invalid',
      `there is no job ${request.pageToken} after which the list could continue: begin it again, with an empty page_token`,
    );
  }
  return { jobs, nextPageToken: '' };
};
