import { type Clock, systemClock } from '@asi/contracts';
import type { Job } from '@asi/runner-client';
import { expect, test } from 'vitest';
import { awaitRedelivery } from './await-redelivery.ts';

const started = '2026-01-15T09:00:00.000Z';
const at = (seconds: number) => new Date(Date.parse(started) + seconds * 1000);
const clock: Clock = { now: () => at(2) };

type Sample = Pick<Job, 'kind'> & Partial<Pick<Job, 'state' | 'status'>> & { readonly finished?: Date };
const runnerWith = (...jobs: Sample[]) => ({
  list: async () =>
    jobs.map(({ finished, ...job }) => ({
      state: 'running',
      status: null,
      ...job,
      times: { finished: finished?.toISOString() ?? null },
    })) as Job[],
});
const long = 3600;
const waits = async (runner: ReturnType<typeof runnerWith>): Promise<boolean> => {
  const stopping = new AbortController();
  let over = false;
  const waited = awaitRedelivery(runner, started, long, clock, stopping.signal).then(() => {
    over = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  const stillWaiting = !over;
  stopping.abort();
  await waited;
  return stillWaiting;
};

test('without trainings of a predecessor nothing is waited for, certificates included', async () => {
  expect(await waits(runnerWith())).toBe(false);
  expect(await waits(runnerWith({ kind: 'certify' }))).toBe(false);
  expect(await waits(runnerWith({ kind: 'train', state: 'finished', status: 'ok', finished: at(1) }))).toBe(false);
});

test('with one still running, new commands are taken only when its own has been delivered again', async () => {
  let over = false;
  const waited = awaitRedelivery(
    runnerWith({ kind: 'train' }),
    started,
    0.05,
    systemClock,
    new AbortController().signal,
  ).then(() => {
    over = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(over).toBe(false);
  await waited;
});

test('a training that died with the runner is not left in training behind new commands', async () => {
  const lost = { kind: 'train', state: 'finished', status: 'lost' } as const;
  expect(await waits(runnerWith({ ...lost, finished: at(1) }))).toBe(true);
  // Ended by a runner that was told to stop: its engineer was told so before.
  expect(await waits(runnerWith({ ...lost, finished: at(-1) }))).toBe(false);
});
