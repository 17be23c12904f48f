import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectRunner } from '../connect-runner.ts';
import type { JobEvent } from '../job-event.ts';
import { type JobId, type JobSpec, jobIdSchema } from '../job-spec.ts';
import type { RunnerClient } from '../runner-client.ts';

/** A runner to be examined, with one training slot. */
export type RunnerUnderTest = {
  url: string;
  /** Ends it as hard as it can be ended, and starts it again on the same ledger and address. */
  restart: () => Promise<unknown>;
  stop: () => Promise<unknown>;
};

export type ContractSubject = {
  name: string;
  start: () => Promise<RunnerUnderTest>;
  /** A training that ends well within a second. */
  quick: JobSpec;
  /** A training that goes on until it is stopped. */
  endless: JobSpec;
};

const collect = async (events: AsyncIterable<JobEvent>): Promise<JobEvent[]> => {
  const all: JobEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
};

const untilRunning = async (client: RunnerClient, jobId: JobId): Promise<void> => {
  for await (const { event } of client.watch(jobId)) if (event.type === 'phase' || event.type === 'log') return;
};

/** The executable specification of a runner: whatever passes it can stand behind an engineer. */
export const runnerContract = ({ name, start, quick, endless }: ContractSubject): void => {
  describe(`${name} keeps the runner contract`, () => {
    let runner: RunnerUnderTest;
    let client: RunnerClient;
    let count = 0;
    const newId = (): JobId => jobIdSchema.parse(`contract-${++count}`);
    beforeAll(async () => {
      runner = await start();
      client = connectRunner(runner.url, { reattachMilliseconds: 20 });
    });
    afterAll(async () => {
      client.close();
      await runner.stop();
    });

    it('makes one job of two submissions', async () => {
      const jobId = newId();
      const first = await client.submit(jobId, quick);
      const again = await Promise.all([
        client.submit(jobId, quick),
        client.submit(jobId, { ...quick, labels: { x: 'y' } }),
      ]);
      expect(first.existed).toBe(false);
      expect(again.map(({ existed }) => existed)).toEqual([true, true]);
      const events = await collect(client.watch(jobId));
      expect(events.filter(({ event }) => event.type === 'started')).toHaveLength(1);
      expect((await client.submit(jobId, quick)).job.state).toBe('finished');
    });

    it('refuses other work under the id of an existing job', async () => {
      const jobId = newId();
      await client.submit(jobId, quick);
      await expect(client.submit(jobId, { ...quick, seed: quick.seed + 1 })).rejects.toMatchObject({
        code: 'job-conflict',
      });
    });

    it('does not know a job that nobody submitted', async () => {
      const jobId = newId();
      await expect(client.get(jobId)).rejects.toMatchObject({ code: 'job-unknown', kind: 'terminal' });
      await expect(collect(client.watch(jobId))).rejects.toMatchObject({ code: 'job-unknown' });
    });

    it('delivers every event once, from any sequence number on', async () => {
      const jobId = newId();
      await client.submit(jobId, quick);
      const live = await collect(client.watch(jobId));
      expect(live.map(({ seq }) => seq)).toEqual(live.map((_, index) => index + 1));
      expect(live.at(-1)?.event.type).toBe('finished');
      for (const { seq } of live)
        expect(await collect(client.watch(jobId, { afterSeq: seq }))).toEqual(live.slice(seq));
      expect((await client.get(jobId)).finished).toEqual(live.at(-1)?.event);
    });

    it('stops a running job on request, and leaves a finished one as it is', async () => {
      const jobId = newId();
      await client.submit(jobId, endless);
      await untilRunning(client, jobId);
      expect((await client.cancel(jobId, { token: endless.token, graceSeconds: 1 })).accepted).toBe(true);
      const finished = await client.untilFinished(jobId);
      expect(finished.outcome.status).toBe('cancelled');
      expect((await client.cancel(jobId, { token: endless.token })).accepted).toBe(false);
      expect((await client.get(jobId)).finished).toEqual(finished);
    });

    it('does not let a stale attempt cancel its successor', async () => {
      const jobId = newId();
      await client.submit(jobId, endless);
      await expect(client.cancel(jobId, { token: 'another-token' })).rejects.toMatchObject({ code: 'job-stale-token' });
      await client.cancel(jobId, { token: endless.token, graceSeconds: 0 });
      await client.untilFinished(jobId);
    });

    it('cancels a job that still waits for a slot', async () => {
      const [running, waiting] = [newId(), newId()];
      await client.submit(running, endless);
      await client.submit(waiting, endless);
      await client.cancel(waiting, { token: endless.token });
      expect((await client.untilFinished(waiting)).outcome.status).toBe('cancelled');
      await client.cancel(running, { token: endless.token, graceSeconds: 0 });
      await client.untilFinished(running);
    });

    it('accounts for every job after it was killed, and its watchers see the end without doing anything', async () => {
      const labels = { case: 'restart' };
      const [done, lost, queued] = [newId(), newId(), newId()];
      await client.submit(done, { ...quick, labels: { ...quick.labels, ...labels } });
      const before = await collect(client.watch(done));
      await client.submit(lost, { ...endless, labels: { ...endless.labels, ...labels } });
      await untilRunning(client, lost);
      await client.submit(queued, { ...quick, labels: { ...quick.labels, ...labels } });
      const ends = [client.untilFinished(lost), client.untilFinished(queued)];
      await runner.restart();
      expect((await Promise.all(ends)).map(({ outcome }) => outcome.status)).toEqual(['lost', 'ok']);
      expect(await collect(client.watch(done))).toEqual(before);
      const jobs = await client.list({ labels });
      expect(jobs.map(({ jobId, state }) => [jobId, state])).toEqual(
        [done, lost, queued].map((id) => [id, 'finished']),
      );
      expect((await client.submit(lost, { ...endless, labels: { ...endless.labels, ...labels } })).existed).toBe(true);
    });
  });
};
