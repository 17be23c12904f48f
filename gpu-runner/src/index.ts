export { fakeTrainerPath, type StartedRunner, type StartRunnerOptions, startRunner } from './testing/start-runner.ts';
