import type { Bus } from '@asi/bus';
import { encodeNonFinite, flagsOf, isObstacle, retryable, terminal } from '@asi/contracts';
import { type JobSpec, submitUntilTold } from '@asi/runner-client';
import { cancelOnceUnwanted } from './cancel-once-unwanted.ts';
import type { Certified, DesignCommand, Draft } from './machine.ts';
import type { RunnerFinder } from './runner-finder.ts';
import { unwantedDesign } from './unwanted-design.ts';

/**
 * Has the runner prove by execution that a draft is a legal mixer.
 * @throws retryable when the runner lost the job; cancelled `design-unwanted` when nobody waits for the design any more:
 * the certificate is cancelled then, because its slot is wanted by the designs that are waited for.
 */
export async function certifyDraft(
  bus: Bus,
  runners: RunnerFinder,
  { data }: DesignCommand,
  draft: Draft,
  draw: number,
  { signal, isWanted }: { readonly signal: AbortSignal; readonly isWanted: () => Promise<boolean> },
): Promise<Certified> {
  if (!(await isWanted())) throw unwantedDesign(data.experimentId);
  const keep = async (evidence: unknown) => {
    const body = JSON.stringify(evidence, encodeNonFinite);
    return (await bus.request('putArtifact', { body, mediaType: 'application/json' })).hash;
  };
  const runner = await runners.find();
  const spec: JobSpec = {
    kind: 'certify',
    program: { origin: draft.program.kind === 'source' ? draft.program.origin : 'grammar', source: draft.source },
    suite: data.suite,
    seed: 0,
    evaluationSeed: 'none',
    device: 'cpu',
    limits: { wallSeconds: data.wallSeconds, memoryBytes: Math.round(data.memoryBytes) },
    parameterBudget: data.parameterRatio,
    attempt: data.attempt,
    token: data.token,
    labels: { experiment: data.experimentId, campaign: data.campaignId },
  };
  const watch = cancelOnceUnwanted(runner, data, isWanted);
  const outcome = await submitUntilTold(runner, `${data.experimentId}-c${data.attempt}-${draw}`, spec, signal)
    .catch((error: unknown) => {
      runners.forget();
      throw error;
    })
    .finally(watch.end);
  if (watch.isUnwanted()) throw unwantedDesign(data.experimentId);
  if (outcome.status === 'cancelled') throw retryable('certify-cancelled', outcome.message);
  if (outcome.status === 'lost') throw retryable('runner-lost', outcome.message);
  if (outcome.status === 'failed' || outcome.status === 'timeout') {
    if (outcome.status === 'failed' && outcome.reason === 'environment')
      throw retryable('environment', outcome.message);
    const code = outcome.status === 'timeout' ? 'timeout' : outcome.reason;
    const evidenceHash = await keep(outcome.evidence);
    return { legal: false, reason: { code, message: outcome.message, evidenceHash } };
  }
  if (outcome.kind !== 'certify')
    throw terminal('runner-protocol', 'a certificate job answered with a training result');
  const certificate = outcome.result;
  const hash = await keep(certificate);
  if (certificate.verdict === 'fail' || certificate.verdict === 'unsupported') {
    const finding = certificate.findings.find(isObstacle);
    return {
      legal: false,
      reason: {
        code: `certificate-${finding?.test ?? certificate.verdict}`,
        message: finding?.message ?? `verdict ${certificate.verdict}`,
        evidenceHash: hash,
      },
    };
  }
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
