import type { Bus } from '@asi/bus';
import { hashText, type ReplyOf, type RequestOf } from '@asi/contracts';
import type { ProbeResult, RunnerClient } from '@asi/runner-client';
import { type Capabilities, certificateSchema, type JobOutcome, type JobSpec } from '@asi/runner-client';
import type { z } from 'zod';

type Finding = z.input<typeof certificateSchema>['findings'][number];

/** Legal, unless there is a finding; with soft ones only it is legal and flagged. */
export const certified = (findings: Finding[] = []): JobOutcome => ({
  status: 'ok',
  kind: 'certify',
  result: certificateSchema.parse({
    verdict: findings.length === 0 ? 'pass' : findings.every(({ kind }) => kind === 'soft') ? 'flagged' : 'fail',
    findings,
    parameters: 17_000,
    referenceParameters: 16_700,
    parameterRatio: 1.02,
    stateSize: 2048,
    flopsPerToken: 40_000,
    flopExponent: 1.01,
    programHash: 'f'.repeat(64),
    fingerprint: [[0.1, 0.2, 0.3]],
    cpuSeconds: 3,
    trainerVersion: '1',
  }),
});

export const probed = (result: Partial<ProbeResult>): Extract<JobOutcome, { kind: 'probe' }> => ({
  status: 'ok',
  kind: 'probe',
  result: { stdout: '', stderr: '', exit: 0, seconds: 1, ...result },
});

/** Archive and runner that answer by a script, in the place of the real ones; what was submitted and kept is seen. */
export function scriptedHouse(
  answer: (spec: JobSpec, count: number) => JobOutcome = () => certified(),
  novelty: (question: RequestOf<'checkNovelty'>) => Partial<ReplyOf<'checkNovelty'>> = () => ({}),
  tier = 2,
) {
  const artifacts = new Map<string, string>();
  const jobs = new Map<string, JobSpec>();
  const asked: Array<RequestOf<'checkNovelty'>> = [];
  const revisions: Array<RequestOf<'registerRevision'>> = [];
  const outcomes = new Map<string, JobOutcome>();
  const bus = {
    request: async (name: string, request: never) => {
      if (name === 'putArtifact') {
        const { body } = request as RequestOf<'putArtifact'>;
        artifacts.set(hashText(body), body);
        return { hash: hashText(body) };
      }
      if (name === 'checkNovelty') {
        asked.push(request);
        return { twinOf: null, similarity: 0, nearest: null, ...novelty(request) };
      }
      if (name === 'registerRevision') {
        revisions.push(request);
        return { registered: true };
      }
      throw new Error(`nobody answers ${name}`);
    },
  } as unknown as Bus;
  const runner = {
    submit: async (jobId: string, spec: JobSpec) => {
      const existed = jobs.has(jobId);
      if (!existed) {
        jobs.set(jobId, spec);
        outcomes.set(jobId, answer(spec, jobs.size));
      }
      return { existed, job: { state: existed ? 'finished' : 'queued' } };
    },
    untilFinished: async (jobId: string) => ({ outcome: outcomes.get(jobId) }),
  } as unknown as RunnerClient;
  const capabilities = () => ({ isolation: { tier, note: 'bwrap is not installed' } }) as Capabilities;
  return { bus, runner, capabilities, artifacts, jobs, novelty: asked, revisions };
}
