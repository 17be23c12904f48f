export { type Examined, type ExamineOptions, examineIsolation } from './doctor/examine-isolation.ts';
export { type NullRunner, type NullRunnerOptions, startNullRunner } from './testing/null-runner.ts';
export { fakeTrainerPath, type StartedRunner, type StartRunnerOptions, startRunner } from './testing/start-runner.ts';
