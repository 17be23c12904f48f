import { connectRunner, jobIdSchema } from '@asi/runner-client';
import { runnerContract } from '@asi/runner-client/contract-suite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { exampleSpec } from './example-spec.ts';
import { type NullRunner, startNullRunner } from './null-runner.ts';
import { startRestartable } from './start-restartable.ts';

runnerContract({
  name: 'the null runner',
  start: () => startRestartable({ trainer: 'null' }),
  quick: exampleSpec('none'),
  endless: exampleSpec('hang', { labels: { 'null-delay-milliseconds': '3600000' } }),
});

let runner: NullRunner;
beforeAll(async () => {
  runner = await startNullRunner();
});
afterAll(() => runner.stop());

it('answers the same for the same program and seed, and says that it measured nothing', async () => {
  const client = connectRunner(runner.url);
  const results = [];
  for (const [id, seed] of [
    ['a', 1],
    ['b', 1],
    ['c', 2],
  ] as const) {
    const jobId = jobIdSchema.parse(id);
    await client.submit(jobId, exampleSpec('none', { seed }));
    const { outcome, provenance } = await client.untilFinished(jobId);
    expect(provenance.versions.trainer).toBe('null');
    results.push(outcome);
  }
  expect(results[1]).toEqual(results[0]);
  expect(results[2]).not.toEqual(results[0]);
  client.close();
});
