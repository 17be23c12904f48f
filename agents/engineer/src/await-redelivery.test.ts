import type { Job } from '@asi/runner-client';
import { expect, test } from 'vitest';
import { awaitRedelivery } from './await-redelivery.ts';

const runnerWith = (kinds: ReadonlyArray<Job['kind']>) => ({
  list: async () => kinds.map((kind) => ({ kind })) as Job[],
});

test('without trainings of a predecessor nothing is waited for, certificates included', async () => {
  const long = 3600;
  await awaitRedelivery(runnerWith([]), long, new AbortController().signal);
  await awaitRedelivery(runnerWith(['certify']), long, new AbortController().signal);
});

test('with one still running, new commands are taken only when its own has been delivered again', async () => {
  let over = false;
  const waited = awaitRedelivery(runnerWith(['train']), 0.05, new AbortController().signal).then(() => {
    over = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(over).toBe(false);
  await waited;
});

test('a process that is told to stop does not wait', async () => {
  const stopping = new AbortController();
  const waited = awaitRedelivery(runnerWith(['train']), 3600, stopping.signal);
  stopping.abort();
  await waited;
});
