export { cancelJobsOf } from './cancel-jobs-of.ts';
export { type ConnectOptions, connectRunner } from './connect-runner.ts';
export type { Capabilities, Isolation, IsolationProbe, Job, JobState, SlotUse } from './job.ts';
export {
  type FinishedEvent,
  type JobEvent,
  type JobEventBody,
  jobEventBodySchema,
  jobEventSchema,
} from './job-event.ts';
export {
  type FailureReason,
  failureReasonSchema,
  type JobOutcome,
  type JobTimes,
  jobOutcomeSchema,
  jobTimesSchema,
  mayBeFromOutside,
  type OutcomeStatus,
  type Provenance,
  provenanceSchema,
  type Versions,
  versionsSchema,
} from './job-outcome.ts';
export {
  type JobId,
  type JobKind,
  type JobSpec,
  jobIdSchema,
  jobSpecSchema,
  type Probe,
  type Program,
  type ProgramOrigin,
  probeNames,
  probeSchema,
  programOriginSchema,
  programSchema,
} from './job-spec.ts';
export {
  type Certificate,
  certificateSchema,
  type ProbeResult,
  probeResultSchema,
  type RawScores,
  rawScoresSchema,
  type TaskScore,
  type TrainResult,
  trainResultSchema,
} from './results.ts';
export type { CallOptions, RunnerClient, WatchOptions } from './runner-client.ts';
export { isRunnerError, type RunnerError, type RunnerErrorCode, runnerError } from './runner-error.ts';
export { type Persistence, submitUntilTold, usualPersistence } from './submit-until-told.ts';
export { eventToWire, finishedToWire } from './wire/event-conversion.ts';
export * as runnerProtocol from './wire/index.ts';
export {
  capabilitiesToWire,
  jobIdFromWire,
  jobSpecFromWire,
  jobToWire,
  kindCodec,
  stateCodec,
} from './wire/job-conversion.ts';
export { errorToStatus } from './wire/status-conversion.ts';
