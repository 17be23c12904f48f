import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectRunner, jobIdSchema, type RunnerClient } from '@asi/runner-client';
import { afterEach, expect, it } from 'vitest';
import { processesOf } from './process/end-processes.ts';
import { exampleSpec } from './testing/example-spec.ts';
import { type StartedRunner, type StartRunnerOptions, startRunner } from './testing/start-runner.ts';

const jobId = jobIdSchema.parse('experiment-1.train.1');
const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

const home = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'asi-runner-main-'));
  cleanUp.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};
const start = async (options: StartRunnerOptions): Promise<StartedRunner> => {
  const runner = await startRunner(options);
  cleanUp.push(() => runner.stop());
  return runner;
};
const connect = (url: string): RunnerClient => {
  const client = connectRunner(url, { reattachMilliseconds: 20 });
  cleanUp.push(() => client.close());
  return client;
};
const markOf = (folder: string): string => `${readFileSync(join(folder, 'ledger-id'), 'utf8').split('\n')[0]}/`;
const firstLog = async (client: RunnerClient): Promise<string> => {
  for await (const { event } of client.watch(jobId)) if (event.type === 'log') return event.text;
  throw new Error('the job wrote no log');
};
const isThere = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
};

it('accounts for all processes of a runner that was killed: nothing of it runs after the next start', async () => {
  const folder = home();
  const first = await startRunner({ home: folder });
  const client = connect(first.url);
  await client.submit(jobId, exampleSpec('grandchild-hang'));
  const grandchild = Number((await firstLog(client)).split(' ')[1]);
  await first.kill();
  expect(isThere(grandchild)).toBe(true);
  const second = await start({ home: folder });
  expect(isThere(grandchild)).toBe(false);
  expect(processesOf(null, markOf(folder))).toEqual([]);
  const { job, finished } = await connect(second.url).get(jobId);
  expect(job).toMatchObject({ state: 'finished', status: 'lost', slot: 0 });
  expect(finished?.outcome).toMatchObject({ status: 'lost', message: expect.stringContaining('run it again') });
});

it('lets the kernel end the jobs of a runner that was killed', async () => {
  const folder = home();
  const runner = await startRunner({ home: folder });
  const client = connect(runner.url);
  await client.submit(jobId, exampleSpec('ignore-terminate'));
  await firstLog(client);
  expect(processesOf(null, markOf(folder))).not.toEqual([]);
  await runner.kill();
  await expect.poll(() => processesOf(null, markOf(folder))).toEqual([]);
});

it('records running jobs as lost when it is stopped, and tells their watchers', async () => {
  const folder = home();
  const runner = await startRunner({ home: folder });
  const client = connect(runner.url);
  await client.submit(jobId, exampleSpec('ignore-terminate'));
  await firstLog(client);
  const end = client.untilFinished(jobId);
  expect(await runner.stop()).toBe(0);
  expect((await end).outcome).toEqual({ status: 'lost', message: 'runner stopped' });
  expect(processesOf(null, markOf(folder))).toEqual([]);
});

it('stops when its supervisor is gone', async () => {
  const folder = home();
  const runner = await startRunner({ home: folder, environment: { ASI_SUPERVISED: '1' } });
  await expect.poll(() => isThere(runner.pid)).toBe(false);
  expect(runner.output()).toContain('runner stopped');
});

it('refuses a program that our own grammar did not write where there is no isolation, and says what to do', async () => {
  const client = connect((await start({ isolation: 'none' })).url);
  const foreign = exampleSpec('none', { program: { origin: 'foreign', source: 'class Mixer: ...' } });
  await expect(client.submit(jobId, foreign)).rejects.toMatchObject({
    kind: 'terminal',
    code: 'isolation-insufficient',
    message: expect.stringMatching(/tier 0.*install bubblewrap/),
  });
  expect(await client.list()).toEqual([]);
});

it('names what is wrong with a job that it cannot run', async () => {
  const client = connect((await start({})).url);
  const invalid = { kind: 'terminal', code: 'job-invalid' };
  const submit = (changes: Parameters<typeof exampleSpec>[1]) => client.submit(jobId, exampleSpec('none', changes));
  await expect(submit({ suite: 'gpu-huge' })).rejects.toMatchObject({
    ...invalid,
    message: expect.stringContaining('cpu-smoke'),
  });
  await expect(submit({ program: { origin: 'builtin', builtin: 'rwkv' } })).rejects.toMatchObject({
    ...invalid,
    message: expect.stringContaining('delta-net'),
  });
  await expect(submit({ token: '' })).rejects.toMatchObject({ ...invalid, message: expect.stringContaining('token') });
});

it('refuses a ledger that another runner has open', async () => {
  const folder = home();
  const first = await start({ home: folder });
  await expect(startRunner({ home: folder })).rejects.toThrow(`belongs to the runner with pid ${first.pid}`);
});

it.each([
  ['a missing Python', { ASI_PYTHON: '/nowhere/python' }, 'set ASI_PYTHON'],
  ['a wrong setting', { ASI_RUNNER_SLOTS: 'many' }, 'ASI_RUNNER_SLOTS'],
  ['an address of another machine', { ASI_RUNNER_ADDRESS: '192.0.2.1:7070' }, 'choose another ASI_RUNNER_ADDRESS'],
])('ends with one line that says what to do about %s', async (_what, environment, advice) => {
  const failure: Error = await startRunner({ home: home(), environment }).then(
    () => new Error('it started'),
    (error) => error,
  );
  expect(failure.message).toContain(advice);
  const lines = failure.message.trim().split('\n');
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toContain('stack');
});

it('gives the trainings their slots, and certificates and probes one of their own', async () => {
  const client = connect((await start({ slots: 2 })).url);
  const ids = ['a', 'b', 'c'].map((name) => jobIdSchema.parse(name));
  for (const id of ids) await client.submit(id, exampleSpec('hang'));
  await client.submit(jobId, exampleSpec('none', { kind: 'certify' }));
  expect((await client.untilFinished(jobId)).outcome).toMatchObject({ status: 'ok', kind: 'certify' });
  const probeId = jobIdSchema.parse('probe');
  await client.submit(probeId, exampleSpec('none', { kind: 'probe', probe: { snippet: 'print(mixer)' } }));
  expect((await client.untilFinished(probeId)).outcome).toMatchObject({
    kind: 'probe',
    result: { stdout: 'asked for {"snippet": "print(mixer)"}\n' },
  });
  expect((await client.capabilities()).slots).toEqual([
    { kind: 'train', total: 2, running: 2, queued: 1 },
    { kind: 'certify', total: 1, running: 0, queued: 0 },
    { kind: 'probe', total: 1, running: 0, queued: 0 },
  ]);
  const slots = (await client.list({ states: ['running'] })).map(({ slot }) => slot);
  expect(slots).toEqual([0, 1]);
});

it('has a trainer ready for the training that follows a certificate, where a slot is free', async () => {
  const folder = home();
  const client = connect((await start({ home: folder })).url);
  const mark = markOf(folder);
  const certificate = exampleSpec('hang', { kind: 'certify' });
  await client.submit(jobId, certificate);
  await expect.poll(() => processesOf(null, `${mark}${jobId}`)).toHaveLength(1);
  const ofStandby = () => {
    const ofJob = processesOf(null, `${mark}${jobId}`);
    return processesOf(null, mark).filter((pid) => !ofJob.includes(pid));
  };
  await expect.poll(ofStandby).toHaveLength(1);
  const [waiting] = ofStandby();
  const training = jobIdSchema.parse('training');
  await client.submit(training, exampleSpec('hang'));
  await expect.poll(async () => (await client.get(training)).job.state).toBe('running');
  expect(JSON.parse(readFileSync(join(folder, 'jobs', training, 'process.json'), 'utf8')).process.pid).toBe(waiting);
  // The slot is taken: nothing more is made ready for it.
  await client.cancel(jobId, { token: certificate.token, graceSeconds: 0 });
  await client.submit(jobIdSchema.parse('another'), certificate);
  await expect.poll(() => processesOf(null, `${mark}another`)).toHaveLength(1);
  await expect.poll(() => processesOf(null, mark)).toHaveLength(2);
});

it('ends the trainer that waits for a job when it is stopped, and when it was killed', async () => {
  for (const how of ['stop', 'kill'] as const) {
    const folder = home();
    const runner = await startRunner({ home: folder });
    await connect(runner.url).submit(jobId, exampleSpec('hang', { kind: 'certify' }));
    await expect.poll(() => processesOf(null, markOf(folder))).toHaveLength(2);
    await runner[how]();
    await expect.poll(() => processesOf(null, markOf(folder))).toEqual([]);
  }
});
