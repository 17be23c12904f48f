import { startNullRunner } from '@asi/gpu-runner';
import { connectRunner, type Job } from '@asi/runner-client';
import { expect, onTestFinished, test } from 'vitest';
import { jobIdOf, jobSpecOf } from './job-spec.ts';
import { commandData, program } from './testing/failed-training.ts';
import { watchForSlot } from './watch-for-slot.ts';

const { signal: never } = new AbortController();

async function oneSlot(delayMilliseconds: number) {
  const nullRunner = await startNullRunner({ slots: 1, delayMilliseconds });
  onTestFinished(() => nullRunner.stop());
  const runner = connectRunner(nullRunner.url);
  onTestFinished(() => runner.close());
  const submit = async (attempt: number): Promise<Job> => {
    const data = commandData({ attempt });
    return (await runner.submit(jobIdOf(data), jobSpecOf(data, { origin: 'grammar', source: program }))).job;
  };
  return { runner, submit };
}

test('a job that stands behind another one in the queue does not pass for a training', async () => {
  const { runner, submit } = await oneSlot(2500);
  const [first, second] = [await submit(1), await submit(2)];
  const order: string[] = [];
  const ended = runner.untilFinished(first.jobId).then(() => order.push('the first has ended'));
  await watchForSlot(runner, first, () => order.push('the first has a slot'), never);
  await watchForSlot(runner, second, () => order.push('the second has a slot'), never);
  await ended;
  expect(order).toEqual(['the first has a slot', 'the first has ended', 'the second has a slot']);
  const again = await submit(2);
  await watchForSlot(runner, again, () => order.push('found with its slot'), never);
  expect(order.at(-1)).toBe('found with its slot');
});

test('nobody is asked any more, and nothing is said, once the job is not followed', async () => {
  const { runner, submit } = await oneSlot(5000);
  await submit(1);
  const waiting = await submit(2);
  let said = false;
  const followed = new AbortController();
  const watching = watchForSlot(runner, waiting, () => (said = true), followed.signal);
  followed.abort();
  await watching;
  expect(said).toBe(false);
});
