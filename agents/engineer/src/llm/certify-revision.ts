import type { Bus } from '@asi/bus';
import { type Certificate, encodeNonFinite, flagsOf, isObstacle, type Revision, terminal } from '@asi/contracts';
import type { RunnerClient } from '@asi/runner-client';
import { certificateJobOf } from '../job-spec.ts';
import type { ProgramText } from '../mind.ts';
import { runJob } from '../run-job.ts';
import type { TrainCommand } from '../train-work.ts';

export type Certified =
  | {
      readonly legal: true;
      readonly proof: Pick<Revision, 'certificateHash' | 'parameters' | 'flopsPerToken' | 'flags'>;
      readonly programHash: string;
      readonly fingerprint: number[][];
    }
  | { readonly legal: false; readonly why: string };

/** Has the runner prove by execution that a changed program is still a legal mixer. Throws as `runJob`. */
export async function certifyRevision(
  bus: Bus,
  runner: RunnerClient,
  { data }: TrainCommand,
  program: ProgramText,
  signal: AbortSignal,
): Promise<Certified> {
  const outcome = await runJob(runner, certificateJobOf(data, program), signal);
  if (outcome.status !== 'ok') return { legal: false, why: outcome.message };
  if (outcome.kind !== 'certify')
    throw terminal('runner-protocol', 'a certificate job answered with another kind of result');
  const certificate = outcome.result;
  if (certificate.verdict === 'fail' || certificate.verdict === 'unsupported')
    return { legal: false, why: findingsText(certificate) };
  const body = JSON.stringify(certificate, encodeNonFinite);
  const { hash } = await bus.request('putArtifact', { body, mediaType: 'application/json' });
  return {
    legal: true,
    proof: {
      certificateHash: hash,
      parameters: certificate.parameters,
      flopsPerToken: certificate.flopsPerToken,
      flags: flagsOf(certificate),
    },
    programHash: certificate.programHash,
    fingerprint: certificate.fingerprint,
  };
}

function findingsText({ findings, verdict }: Certificate): string {
  const failed = findings.filter(isObstacle);
  return failed.length === 0
    ? `verdict ${verdict}`
    : failed.map(({ test, message, smallestInput }) => `${test}: ${message} ${smallestInput}`.trim()).join('\n');
}
