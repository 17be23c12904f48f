import { expect, test } from 'vitest';
import { replayEnvironment } from './replay-environment.ts';

const folder = { path: '/replay', run: '', logs: '', data: '', runners: '', reports: '', cache: '' };

test('no key, no address of a model and no server of the original reaches a replay', () => {
  const secrets = {
    OPENAI_API_KEY: 'key',
    MY_OWN_KEY: 'key',
    OPENAI_BASE_URL: 'https://models.example/v1',
    ASI_MODEL: 'paid-model',
    NATS_URL: 'nats://original',
    MONGODB_URL: 'mongodb://original',
    ASI_STACK: 'external',
    ASI_DASHBOARD_PORT: '7072',
    LANGSMITH_API_KEY: 'key',
  };
  const env = {
    ...secrets,
    PATH: '/bin',
    ASI_HOME: '/original',
    ASI_RUNNER_URL: 'grpc://original',
    ASI_EMBEDDED: '/e',
  };
  expect(replayEnvironment(env, folder, 'grpc://recorded')).toEqual({
    PATH: '/bin',
    ASI_HOME: '/replay',
    ASI_RUNNER_URL: 'grpc://recorded',
    ASI_EMBEDDED: '/e',
  });
});
