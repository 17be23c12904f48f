import { expect, test } from 'vitest';
import { externalStack, refuseExternalStack } from './external-stack.ts';

const servers = { NATS_URL: 'nats://nats:4222', MONGODB_URL: 'mongodb://mongo:27017' };

test('servers of one’s own alone do not mean that the processes run elsewhere', () => {
  expect(externalStack(servers)).toBeNull();
  expect(() => refuseExternalStack(servers)).not.toThrow();
});

test('an external stack is used, never started or stopped', () => {
  const env = { ...servers, ASI_STACK: 'external', ASI_DASHBOARD_URL: 'http://127.0.0.1:7070' };
  expect(externalStack(env)).toEqual({
    natsUrl: servers.NATS_URL,
    mongodbUrl: servers.MONGODB_URL,
    dashboard: 'http://127.0.0.1:7070',
  });
  expect(() => refuseExternalStack(env)).toThrow(/docker compose/);
});

test('an external stack without its servers, and a mistyped value, are said in one line', () => {
  expect(() => externalStack({ ASI_STACK: 'external' })).toThrow(/needs NATS_URL and MONGODB_URL/);
  expect(() => externalStack({ ...servers, ASI_STACK: 'yes' })).toThrow(/the only value is external/);
});
