import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@asi/contracts';
import { connectRunner, type JobSpec, jobIdSchema, type RunnerClient } from '@asi/runner-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exampleSpec } from '../testing/example-spec.ts';
import { startNullRunner } from '../testing/null-runner.ts';
import { readRecordedJobs } from './recorded-jobs.ts';
import { type RecordedRunner, startRecordedRunner } from './start-recorded-runner.ts';

const base = mkdtempSync(join(tmpdir(), 'asi-recorded-'));
const ledger = join(base, 'ledger');
const specOf = (experiment: string, changes: Partial<JobSpec> = {}): JobSpec => ({
  ...exampleSpec('train'),
  labels: { experiment, campaign: 'c001' },
  ...changes,
});
const end = async (client: RunnerClient, id: string, spec: JobSpec) => {
  const jobId = jobIdSchema.parse(id);
  await client.submit(jobId, spec);
  return client.untilFinished(jobId);
};

let recorded: Awaited<ReturnType<typeof end>>;
let runner: RecordedRunner;
let client: RunnerClient;
const unrecorded: string[] = [];

beforeAll(async () => {
  const original = await startNullRunner({ home: ledger, durable: false });
  const first = connectRunner(original.url);
  recorded = await end(first, 'c001-0001-t1', specOf('c001-0001'));
  await end(first, 'c002-0001-t1', specOf('c002-0001', { labels: { experiment: 'c002-0001', campaign: 'c002' } }));
  first.close();
  await original.stop();
  runner = await startRecordedRunner({
    home: join(base, 'own'),
    slots: 2,
    jobs: readRecordedJobs([base, ledger], 'c001'),
    trainerVersion: 'of-the-yardstick',
    clock: systemClock,
    onAnswered: () => undefined,
    onUnrecorded: ({ labels, kind }) => unrecorded.push(`${labels.experiment} ${kind}`),
  });
  client = connectRunner(runner.url);
});
afterAll(async () => {
  client?.close();
  await runner?.stop();
  rmSync(base, { recursive: true, force: true });
});

test('another attempt at the same work gets the recorded answer, to the last bit', async () => {
  const { outcome } = await end(client, 'another', specOf('c001-0001', { attempt: 3, token: 'another-token' }));
  expect(outcome).toEqual(recorded.outcome);
});

test('a training that was recorded before trainings had a budget answers one that has it', async () => {
  const { outcome } = await end(client, 'budgeted', specOf('c001-0001', { parameterBudget: 1.5 }));
  expect(outcome).toEqual(recorded.outcome);
});

test('whoever asks sees the trainer of the record', async () => {
  const { versions, slots } = await client.capabilities();
  expect(versions).toMatchObject({ trainer: 'of-the-yardstick', torch: 'null' });
  expect(slots.find(({ kind }) => kind === 'train')?.total).toBe(2);
});

test('whoever asks hears of a GPU only where one was there: what is tried before a training depends on it', async () => {
  expect((await client.capabilities()).devices).toEqual(['cpu']);
  const jobs = readRecordedJobs([ledger], 'c001');
  const onGpu = new Map([...jobs].map(([work, job]) => [work, { ...job, device: 'cuda' }]));
  const { url, stop } = await startRecordedRunner({
    home: join(base, 'gpu'),
    slots: 1,
    jobs: onGpu,
    trainerVersion: 'of-the-yardstick',
    clock: systemClock,
    onAnswered: () => undefined,
    onUnrecorded: () => undefined,
  });
  const other = connectRunner(url);
  expect((await other.capabilities()).devices).toEqual(['cpu', 'cuda']);
  other.close();
  await stop();
});

test('work that is not in the record ends as a failure that nobody tries again, and is told: other seed, other experiment, other campaign', async () => {
  for (const [id, spec] of [
    ['seed', specOf('c001-0001', { seed: 99 })],
    ['experiment', specOf('c001-0002')],
    ['campaign', specOf('c002-0001')],
  ] as const) {
    const { outcome } = await end(client, id, spec);
    expect(outcome, id).toMatchObject({ status: 'failed', reason: 'spec-invalid' });
  }
  expect(unrecorded).toEqual(['c001-0001 train', 'c001-0002 train', 'c002-0001 train']);
});

test('reading changes nothing in a ledger at work, and what a crash left half written is passed over', () => {
  const events = join(ledger, 'jobs/c001-0001-t1/events.jsonl');
  const whole = readFileSync(events, 'utf8');
  writeFileSync(events, whole.slice(0, -20));
  const listed = readdirSync(ledger, { recursive: true });
  expect(readRecordedJobs([ledger], 'c001').size).toBe(0);
  expect(readFileSync(events, 'utf8')).toBe(whole.slice(0, -20));
  expect(readdirSync(ledger, { recursive: true })).toEqual(listed);
  writeFileSync(events, whole);
  expect(readRecordedJobs([ledger], 'c001').size).toBe(1);
});
