import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jobIdSchema } from '@asi/runner-client';
import { afterAll, expect, it, vi } from 'vitest';
import { exampleSpec } from '../testing/example-spec.ts';
import { fakeTrainerPath } from '../testing/start-runner.ts';
import { processesOf } from './end-processes.ts';
import { createProcessExecutor, type ProcessExecutorOptions } from './process-executor.ts';
import type { ProgressEvent } from './trainer-event.ts';

const folder = mkdtempSync(join(tmpdir(), 'asi-executor-'));
const ledgerId = folder.slice(-6);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
const run = (behaviour: string, changes: Partial<ProcessExecutorOptions> = {}) => {
  const executor = createProcessExecutor({
    python: 'python3',
    trainerPath: fakeTrainerPath,
    runnerVersion: 'test',
    ledgerId,
    folderOf: (jobId) => join(folder, jobId),
    launcher: () => [],
    ...changes,
  });
  const events: ProgressEvent[] = [];
  const spoken = Promise.withResolvers<string>();
  const onEvent = (event: ProgressEvent) => {
    events.push(event);
    if (event.type === 'log') spoken.resolve(event.text);
  };
  const jobId = jobIdSchema.parse(`job-${++count}`);
  const execution = executor.run({ jobId, spec: exampleSpec(behaviour), slot: 0, onLaunch: () => undefined, onEvent });
  return { ...execution, events, firstLog: spoken.promise };
};

const nothingIsLeft = () => expect(processesOf(null, `${ledgerId}/`)).toEqual([]);

it('reports a dead trainer as crashed, with the last words of its log', async () => {
  const outcome = await run('die').outcome;
  expect(outcome).toMatchObject({ status: 'failed', reason: 'crashed' });
  expect(outcome).toMatchObject({
    evidence: { end: 'signal SIGSEGV', logTail: expect.stringContaining('about to die') },
  });
  nothingIsLeft();
});

it('passes on what the trainer says about a failure', async () => {
  expect(await run('fail').outcome).toEqual({
    status: 'failed',
    reason: 'program-invalid',
    message: 'no class Mixer',
    evidence: { logTail: 'ValueError: head', line: '12' },
  });
  expect(await run('timeout').outcome).toMatchObject({ status: 'timeout', message: 'used up 1 s' });
});

it.each(['flood-events', 'flood-log', 'no-event'])(
  'ends a trainer that does not keep to the protocol: %s',
  async (how) => {
    expect(await run(how).outcome).toMatchObject({ status: 'failed', reason: 'bad-frame' });
    nothingIsLeft();
  },
);

it('ends a job that outlives its time limit', async () => {
  const outcome = await run('hang', { wallLimitSeconds: () => 0.2 }).outcome;
  expect(outcome).toMatchObject({ status: 'timeout', message: expect.stringContaining('wallSeconds') });
  nothingIsLeft();
});

it('kills a job that ignores the request to stop', async () => {
  const job = run('ignore-terminate');
  expect(await job.firstLog).toBe('deaf');
  job.stop(50);
  expect(await job.outcome).toMatchObject({ status: 'lost' });
  nothingIsLeft();
});

it('does not blame the program for a trainer that somebody killed: the job is lost, to be run again', async () => {
  const job = run('ignore-terminate');
  await job.firstLog;
  for (const pid of processesOf(null, `${ledgerId}/`)) process.kill(pid, 'SIGKILL');
  expect(await job.outcome).toEqual({ status: 'lost', message: expect.stringContaining('signal SIGKILL') });
  nothingIsLeft();
});

it('does not leave a grandchild behind that moved to a session of its own', async () => {
  const job = run('grandchild');
  const pid = Number((await job.firstLog).split(' ')[1]);
  expect(() => process.kill(pid, 0)).not.toThrow();
  expect((await job.outcome).status).toBe('ok');
  nothingIsLeft();
});

it('keeps the result of a trainer that does not leave afterwards', async () => {
  expect((await run('stay', { leaveMilliseconds: 50 }).outcome).status).toBe('ok');
  nothingIsLeft();
});

it('gives a job no secret of the environment, least of all the key of a language model', async () => {
  const names = ['ASI_TEST_SECRET', 'OPENAI_API_KEY', 'OPENAI_BASE_URL', 'ASI_MODEL', 'AZURE_OPENAI_API_KEY'];
  for (const name of names) vi.stubEnv(name, `do-not-tell ${name}`);
  const job = run('environment');
  const environment = JSON.parse(await job.firstLog);
  await job.outcome;
  vi.unstubAllEnvs();
  expect(JSON.stringify(environment)).not.toContain('do-not-tell');
  expect(environment).toMatchObject({ OMP_NUM_THREADS: '1', HOME: expect.stringContaining(folder) });
});

it('delivers non-finite numbers as numbers', async () => {
  const job = run('many-events 3');
  const outcome = await job.outcome;
  const metric = job.events.find((event) => event.type === 'metric');
  expect(metric).toMatchObject({ values: { gradientNorm: Number.NaN } });
  expect(outcome).toMatchObject({
    result: {
      curves: {
        parity: [
          [1, 2],
          [20, Number.NaN],
        ],
      },
    },
  });
});

it('says what to do when there is no Python', async () => {
  const outcome = await run('none', { python: '/nowhere/python' }).outcome;
  expect(outcome).toMatchObject({
    status: 'failed',
    evidence: { logTail: expect.stringContaining('/nowhere/python') },
  });
});
