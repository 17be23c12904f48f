export { endOf, type RecordedJob, type RecordedJobs, readEvents, readRecordedJobs } from './recorded-jobs.ts';
export { type RecordedRunner, startRecordedRunner } from './start-recorded-runner.ts';
