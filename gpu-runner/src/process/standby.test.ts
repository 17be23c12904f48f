import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jobIdSchema } from '@asi/runner-client';
import { afterAll, afterEach, expect, it } from 'vitest';
import type { Executor } from '../queue/executor.ts';
import { exampleSpec } from '../testing/example-spec.ts';
import { fakeTrainerPath } from '../testing/start-runner.ts';
import { processesOf } from './end-processes.ts';
import { createProcessExecutor } from './process-executor.ts';
import { identityOf } from './process-identity.ts';

const folder = mkdtempSync(join(tmpdir(), 'asi-standby-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const spec = exampleSpec('none');
const executors: Executor[] = [];
const executorWith = (waitMilliseconds: number, checkpoints: string | null = null) => {
  const ledgerId = `${folder.slice(-6)}${executors.length}`;
  const home = join(folder, ledgerId);
  const executor = createProcessExecutor({
    python: 'python3',
    trainerPath: fakeTrainerPath,
    checkpoints,
    runnerVersion: 'test',
    ledgerId,
    folderOf: (jobId) => join(home, jobId),
    standby: { folder: join(home, 'standby'), waitMilliseconds },
    launcher: () => [],
  });
  executors.push(executor);
  let jobs = 0;
  const processes = () => processesOf(null, `${ledgerId}/`);
  /** Those of the trainer that was made ready as the nth. A wrapper of Python may add some to it. */
  const processesOfReady = (nth: number) => processesOf(null, `${ledgerId}/standby-${process.pid}-${nth}`);
  return {
    prepare: (slot: number) => executor.prepare?.(slot, spec),
    close: async () => executor.close?.(),
    /** Runs a job; the pid of its trainer. */
    run: async (slot: number) => {
      const launched = Promise.withResolvers<number | undefined>();
      const { outcome } = executor.run({
        jobId: jobIdSchema.parse(`job-${++jobs}`),
        spec,
        slot,
        onLaunch: (identity) => launched.resolve(identity?.pid),
        onEvent: () => undefined,
      });
      expect(await outcome).toMatchObject({ status: 'ok' });
      return launched.promise;
    },
    processes,
    processesOfReady,
    /** The nth that was made ready. A process that has just been started may be in the middle of an exec: nothing tells whose it is. */
    ready: async (nth: number): Promise<number | undefined> => {
      await expect.poll(() => processesOfReady(nth)).not.toEqual([]);
      return processesOfReady(nth)[0];
    },
    files: () => readdirSync(join(home, 'standby')),
  };
};
afterEach(async () => {
  for (const executor of executors) await executor.close?.();
});

const longer = 3_600_000;

it('gives a job the trainer that waits in its slot, once', async () => {
  const { prepare, run, ready, processes, files } = executorWith(longer);
  prepare(1);
  const waiting = await ready(1);
  expect(await run(0)).not.toBe(waiting);
  expect(await run(1)).toBe(waiting);
  expect(await run(1)).not.toBe(waiting);
  expect(processes()).toEqual([]);
  expect(files()).toEqual([]);
});

it('lets one trainer wait and not more, however often it is asked', async () => {
  const { prepare, ready, processesOfReady, files } = executorWith(longer);
  prepare(0);
  await ready(1);
  const first = files();
  prepare(0);
  expect(files()).toEqual(first);
  prepare(1);
  await ready(2);
  await expect.poll(() => processesOfReady(1)).toEqual([]);
  await expect.poll(files).toHaveLength(1);
  expect(files()).not.toEqual(first);
});

it('costs a job nothing when what waited for it has died', async () => {
  const { prepare, run, ready } = executorWith(longer);
  prepare(0);
  const waiting = await ready(1);
  process.kill(-Number(waiting), 'SIGKILL');
  await expect.poll(() => identityOf(Number(waiting))).toBeNull();
  expect(await run(0)).not.toBe(waiting);
});

it('lets go of a trainer that no job wants, with its files', async () => {
  const { prepare, processes, files } = executorWith(20);
  prepare(0);
  expect(files()).not.toEqual([]);
  await expect.poll(processes).toEqual([]);
  await expect.poll(files).toEqual([]);
});

it('leaves nothing behind when the runner stops', async () => {
  const { prepare, close, processes, files } = executorWith(longer);
  prepare(0);
  await close();
  expect(processes()).toEqual([]);
  expect(files()).toEqual([]);
});

it('makes nothing ready that would lose a trained model', async () => {
  const { prepare, processes } = executorWith(longer, join(folder, 'checkpoints'));
  prepare(0);
  expect(processes()).toEqual([]);
});
