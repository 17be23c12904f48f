import type { RequestOf } from '@asi/contracts';
import { type JobOutcome, type JobSpec, runnerError } from '@asi/runner-client';
import { describe, expect, it } from 'vitest';
import { createBaselineRegister } from './baseline-register.ts';
import { certificate } from './testing/scripted-runner.ts';

const asker = {
  campaignId: 'c002',
  campaignNumber: 2,
  baselines: [
    { experimentId: 'c001-b01', name: 'delta-net' },
    { experimentId: 'c002-b02', name: 'mamba2' },
    { experimentId: 'c002-b03', name: 'softmax-attention' },
  ],
  suite: 'cpu-smoke',
  wallSeconds: 60,
  memoryBytes: 6e9,
} as unknown as Parameters<ReturnType<typeof createBaselineRegister>['ensure']>[0];

const { signal } = new AbortController();

/** An archive and a runner; the runner answers by a script, which may throw as one that does not take the job. */
function house(script: (spec: JobSpec, number: number) => JobOutcome) {
  const registered: Array<RequestOf<'registerBaseline'>> = [];
  const jobs = new Map<string, JobSpec>();
  const runner = {
    submit: async (jobId: string, spec: JobSpec) => {
      const existed = jobs.has(jobId);
      jobs.set(jobId, spec);
      script(spec, jobs.size);
      return { existed, job: { state: existed ? 'finished' : 'queued' } };
    },
    untilFinished: async (jobId: string) => ({ outcome: script(jobs.get(jobId) as JobSpec, jobs.size) }),
  };
  const bus = {
    request: async (_: string, one: RequestOf<'registerBaseline'>) => {
      registered.push(one);
      return { registered: true };
    },
  };
  const finder = { find: async () => runner, forget: () => undefined, close: () => undefined };
  const register = createBaselineRegister(bus as never, finder as never);
  return { registered, jobs, register };
}

const hashOf = ({ program }: JobSpec): string => (program.origin === 'builtin' ? program.builtin : 'as shown');
const certified = (spec: JobSpec): JobOutcome => ({
  status: 'ok',
  kind: 'certify',
  result: { ...certificate(hashOf(spec)), verdict: hashOf(spec) === 'softmax-attention' ? 'fail' : 'pass' },
});

describe('the baselines of a campaign', () => {
  it('are registered before all of its candidates, a quadratic one too, and where the shown program is laid out otherwise in both forms', async () => {
    const { registered, register } = house(certified);
    await register.ensure(asker, signal);
    expect(registered).toMatchObject([
      { experimentId: 'c001-b01', campaignNumber: 2, ordinal: -3, programs: [{ programHash: 'delta-net' }] },
      { ordinal: -2, programs: [{ programHash: 'mamba2' }, { programHash: 'as shown' }] },
      { ordinal: -1, programs: [{ programHash: 'softmax-attention' }] },
    ]);
  });

  it('cost nothing at the second design, and in another process the same jobs: what is paid is paid once', async () => {
    const { jobs, registered, register } = house(certified);
    await register.ensure(asker, signal);
    await register.ensure(asker, signal);
    expect(registered).toHaveLength(3);
    const other = house(certified);
    await other.register.ensure(asker, signal);
    expect([...other.jobs]).toEqual([...jobs]);
  });

  it('are registered anew where a failed one was trained again under another id', async () => {
    const { registered, register } = house(certified);
    await register.ensure(asker, signal);
    const baselines = [{ experimentId: 'c002-b04', name: 'delta-net' }] as unknown as typeof asker.baselines;
    await register.ensure({ ...asker, baselines }, signal);
    expect(registered.at(-1)).toMatchObject({ experimentId: 'c002-b04', programs: [{ programHash: 'delta-net' }] });
  });

  it('belong by their labels to the campaign that asks: the record of an older one must not come to hold what it never asked', async () => {
    const { jobs, register } = house(certified);
    await register.ensure(asker, signal);
    expect([...jobs.values()].map(({ labels }) => labels.campaign)).toEqual(['c002', 'c002', 'c002', 'c002']);
  });

  it('are passed over where the record of a replay holds no such job: an older campaign comes to the same', async () => {
    const { registered, register } = house(() => ({
      status: 'failed',
      reason: 'spec-invalid',
      message: 'the record holds no certify job',
      evidence: {},
    }));
    await register.ensure(asker, signal);
    expect(registered.flatMap(({ programs }) => programs)).toEqual([]);
  });

  it('are passed over where the runner has no such built-in, which is no reason to design nothing', async () => {
    const { registered, register } = house((spec) => {
      if (hashOf(spec) === 'mamba2') throw runnerError('job-invalid', 'no builtin mamba2');
      return certified(spec);
    });
    await register.ensure(asker, signal);
    expect(registered.map(({ programs }) => programs.length)).toEqual([1, 1, 1]);
  });

  it('are asked for again after the machine had no time for one: else the order of failures would decide what is new', async () => {
    const { registered, register } = house((spec, number) =>
      number < 8 && hashOf(spec) === 'delta-net'
        ? { status: 'failed', reason: 'environment', message: 'no memory', evidence: {} }
        : certified(spec),
    );
    await expect(register.ensure(asker, signal)).rejects.toMatchObject({ kind: 'retryable', code: 'environment' });
    expect(registered).toEqual([]);
    await register.ensure(asker, signal);
    expect(registered).toHaveLength(3);
  });
});
