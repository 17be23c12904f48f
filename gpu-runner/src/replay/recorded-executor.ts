import type { JobOutcome, JobSpec } from '@asi/runner-client';
import type { Executor } from '../queue/executor.ts';
import { endOf, type RecordedJob, type RecordedJobs, readEvents, workOf } from './recorded-jobs.ts';

export type RecordedExecutorOptions = {
  readonly jobs: RecordedJobs;
  /** Told of every job that was answered from the record. */
  readonly onAnswered: (job: RecordedJob) => void;
  /** Told of every job that the record does not hold. */
  readonly onUnrecorded: (spec: JobSpec) => void;
};

/**
 * Answers each job what the record says of the same work, at once, and runs nothing. Work that is not in the record ends
 * as a failure of its specification, which nobody tries again.
 */
export const createRecordedExecutor = ({ jobs, onAnswered, onUnrecorded }: RecordedExecutorOptions): Executor => ({
  run: ({ spec, onLaunch, onEvent }) => {
    const answer = (): JobOutcome => {
      onLaunch(null);
      const job = jobs.get(workOf(spec));
      const events = job ? readEvents(job.folder) : [];
      const finished = endOf(events);
      if (!job || !finished) {
        onUnrecorded(spec);
        const message = `the record holds no ${spec.kind} job of this program for ${spec.labels.experiment}`;
        return { status: 'failed', reason: 'spec-invalid', message, evidence: {} };
      }
      // Not the curve: whoever reads it takes it from the result.
      for (const event of events) if (event.type === 'started' || event.type === 'phase') onEvent(event);
      onAnswered(job);
      return finished.outcome;
    };
    return { outcome: Promise.resolve().then(answer), stop: () => undefined };
  },
});
