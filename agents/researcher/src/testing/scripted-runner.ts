import { type Certificate, certificateSchema, type JobSpec, type RunnerClient } from '@asi/runner-client';
import type { z } from 'zod';
import type { RunnerFinder } from '../runner-finder.ts';

type Finding = z.input<typeof certificateSchema>['findings'][number];

export const leak: Finding = {
  test: 'causality by values',
  kind: 'hard',
  status: 'fail',
  measured: 0.8125,
  threshold: 1e-5,
  smallestInput: 'B=2 T=34',
  message: 'replacing the inputs from position 33 on changes the output at position 12: the program sees the future.',
};

/** A certificate of a program with this hash: legal unless there is a finding. */
export const certificate = (programHash: string, findings: Finding[] = []): Certificate =>
  certificateSchema.parse({
    verdict: findings.length > 0 ? 'fail' : 'pass',
    findings,
    parameters: 17_000,
    referenceParameters: 16_700,
    parameterRatio: 1.02,
    stateSize: 2048,
    flopsPerToken: 40_000,
    flopExponent: 1.01,
    programHash,
    fingerprint: [[0.1, 0.2, 0.3]],
    cpuSeconds: 3,
    trainerVersion: '1',
  });

/** A runner that certifies by a script, in the place of the one that is found through the engineers. */
export function scriptedRunner(script: (spec: JobSpec) => Certificate, tier = 2) {
  const jobs = new Map<string, JobSpec>();
  const client = {
    submit: async (jobId: string, spec: JobSpec) => {
      const existed = jobs.has(jobId);
      jobs.set(jobId, spec);
      return { existed, job: { state: existed ? 'finished' : 'queued' } };
    },
    untilFinished: async (jobId: string) => {
      const spec = jobs.get(jobId);
      if (!spec) throw new Error(`no job ${jobId}`);
      return { outcome: { status: 'ok', kind: 'certify', result: script(spec) } };
    },
    capabilities: async () => ({ isolation: { tier, note: 'bwrap is not installed' } }),
  } as unknown as RunnerClient;
  const finder: RunnerFinder = { find: async () => client, forget: () => {}, close: () => {} };
  return { finder, jobs };
}
