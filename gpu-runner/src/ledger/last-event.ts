import type { FinishedEvent, JobId } from '@asi/runner-client';
import { followEvents } from './follow-events.ts';
import type { JobLedger } from './job-ledger.ts';

/** The end of a finished job, from disk; null while it is not finished. */
export const lastEvent = async (ledger: JobLedger, jobId: JobId): Promise<FinishedEvent | null> => {
  const { state, lastSeq } = ledger.get(jobId);
  if (state !== 'finished') return null;
  for await (const event of followEvents(ledger, jobId, lastSeq - 1, 1_000, new AbortController().signal)) {
    if (event?.event.type === 'finished') return event.event;
  }
  return null;
};
