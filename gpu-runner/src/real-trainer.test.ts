import { connectRunner, type JobSpec, jobIdSchema } from '@asi/runner-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { exampleSpec } from './testing/example-spec.ts';
import { type StartedRunner, startRunner } from './testing/start-runner.ts';

let runner: StartedRunner;
beforeAll(async () => {
  runner = await startRunner({ trainer: 'real', isolation: 'auto' });
});
afterAll(() => runner.stop());

const builtin: Partial<JobSpec> = {
  program: { origin: 'builtin', builtin: 'delta-net' },
  limits: { wallSeconds: 120, memoryBytes: 8_000_000_000 },
};
const run = async (name: string, changes: Partial<JobSpec>) => {
  const client = connectRunner(runner.url);
  const jobId = jobIdSchema.parse(name);
  await client.submit(jobId, exampleSpec('none', { ...builtin, ...changes }));
  const phases = new Set<string>();
  for await (const { event } of client.watch(jobId)) if (event.type === 'phase') phases.add(event.phase);
  const [finished, capabilities] = await Promise.all([client.untilFinished(jobId), client.capabilities()]);
  client.close();
  return { ...finished, phases, capabilities };
};

it.concurrent('trains and scores a program under the isolation that this machine proves, and says which it was', async () => {
  const { outcome, provenance, times, phases, capabilities } = await run('train', {});
  expect(outcome).toMatchObject({ status: 'ok', kind: 'train', result: { suite: 'cpu-smoke', seed: 1 } });
  if (outcome.status !== 'ok' || outcome.kind !== 'train') return;
  expect(outcome.result.languageModelLoss).toBeGreaterThan(0);
  expect(Object.keys(outcome.result.raw).sort()).toEqual(outcome.result.tasks.map(({ task }) => task).sort());
  expect([...phases]).toEqual(expect.arrayContaining(['training', 'evaluating', 'reporting']));
  const { tier, hash } = capabilities.isolation;
  expect(provenance).toMatchObject({
    isolationTier: tier,
    isolationHash: hash,
    versions: { torch: expect.any(String) },
  });
  const points = [times.queued, times.started, times.working, times.finished].map((time) => Date.parse(String(time)));
  expect(points).toEqual(points.toSorted((a, b) => a - b));
});

it.concurrent('lets an engineer look at a program, and hands back what it printed and what it raised', async () => {
  const snippet = 'print(mixer(torch.zeros(1, 3, d_model)).shape)\nraise RuntimeError("and then?")';
  const { outcome, phases } = await run('probe', { kind: 'probe', probe: { snippet } });
  expect(outcome).toMatchObject({
    kind: 'probe',
    result: { stdout: 'torch.Size([1, 3, 64])\n', stderr: expect.stringContaining('and then?'), exit: 1 },
  });
  expect([...phases]).toContain('probing');
});

it.concurrent('gives a program that does not load a certificate that fails, and not an error of the runner', async () => {
  const program = { origin: 'grammar' as const, source: 'import torch\n\nclass Mixer(torch.nn.Modul):\n    pass\n' };
  const { outcome } = await run('broken', { kind: 'certify', program });
  expect(outcome).toMatchObject({ status: 'ok', kind: 'certify', result: { verdict: 'fail' } });
});
