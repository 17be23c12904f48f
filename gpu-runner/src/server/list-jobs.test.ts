import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorToStatus, isRunnerError, jobIdSchema } from '@asi/runner-client';
import { status } from '@grpc/grpc-js';
import { afterAll, expect, test } from 'vitest';
import { openJobLedger } from '../ledger/job-ledger.ts';
import { exampleSpec } from '../testing/example-spec.ts';
import { listJobs } from './list-jobs.ts';

const folder = mkdtempSync(join(tmpdir(), 'asi-list-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ledger = openJobLedger(folder, { clock: { now: () => new Date(0) }, durable: false });
for (const name of ['first', 'second', 'third']) ledger.submit(jobIdSchema.parse(name), exampleSpec('none'));

const page = (pageToken: string) => listJobs(ledger, { labels: {}, states: [], pageToken, pageSize: 2 });

test('a list that cannot continue, because its token names no job, is not taken for one that is complete', () => {
  const refused = () => page('never-submitted');
  expect(refused).toThrow(/there is no job never-submitted .* empty page_token/);
  try {
    refused();
  } catch (error) {
    expect(isRunnerError(error) && errorToStatus(error).code).toBe(status.INVALID_ARGUMENT);
  }
});

test('a token continues the list after its job, and after the last there is nothing', () => {
  const first = page('');
  expect(first.jobs.map(({ jobId }) => jobId)).toEqual(['first', 'second']);
  const second = page(first.nextPageToken);
  expect(second.jobs.map(({ jobId }) => jobId)).toEqual(['third']);
  expect(second.nextPageToken).toBe('');
  expect(page('third')).toEqual({ jobs: [], nextPageToken: '' });
});
