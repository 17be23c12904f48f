// The generated messages of the four proto files as one namespace.
export * from '../gen/asi/runner/v1/event.ts';
export * from '../gen/asi/runner/v1/job.ts';
export * from '../gen/asi/runner/v1/result.ts';
export * from '../gen/asi/runner/v1/runner.ts';
