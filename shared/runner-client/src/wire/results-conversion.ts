import type { Certificate, TaskScore, TrainResult } from '../results.ts';
import { enumCodec, fromInt64, required } from './enum-codec.ts';
import type * as wire from './index.ts';

type Finding = Certificate['findings'][number];

const metric = enumCodec<TaskScore['metric'], wire.TaskMetric>('the metric of a task', {
  accuracy: 'TASK_METRIC_ACCURACY',
  loss: 'TASK_METRIC_LOSS',
});
const verdict = enumCodec<Certificate['verdict'], wire.Verdict>('the verdict of a certificate', {
  pass: 'VERDICT_PASS',
  flagged: 'VERDICT_FLAGGED',
  fail: 'VERDICT_FAIL',
  unsupported: 'VERDICT_UNSUPPORTED',
});
const findingKind = enumCodec<Finding['kind'], wire.FindingKind>('the kind of a finding', {
  hard: 'FINDING_KIND_HARD',
  soft: 'FINDING_KIND_SOFT',
  reported: 'FINDING_KIND_REPORTED',
});
const findingStatus = enumCodec<Finding['status'], wire.FindingStatus>('the status of a finding', {
  pass: 'FINDING_STATUS_PASS',
  fail: 'FINDING_STATUS_FAIL',
  reported: 'FINDING_STATUS_REPORTED',
  unsupported: 'FINDING_STATUS_UNSUPPORTED',
});

const mapValues = <A, B>(record: Record<string, A>, change: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));

export const trainResultToWire = (result: TrainResult): wire.TrainResult => ({
  ...result,
  tasks: result.tasks.map((task) => ({
    ...task,
    metric: metric.toWire(task.metric),
    sequences: BigInt(task.sequences),
    steps: BigInt(task.steps),
  })),
  raw: mapValues(result.raw, ({ audit, ...values }) => ({
    ...values,
    audit: audit ? { ...audit, hits: audit.hits ?? undefined, prefix: audit.prefix ?? undefined } : undefined,
  })),
  inferenceTokensPerSecond: result.inferenceTokensPerSecond ?? undefined,
  neighbourCores: result.neighbourCores ?? undefined,
  curves: mapValues(result.curves, (points) => ({
    points: points.map(([step, loss]) => ({ step: BigInt(step), loss })),
  })),
  parameters: { mixer: BigInt(result.parameters.mixer), total: BigInt(result.parameters.total) },
  stateSize: result.stateSize === null ? undefined : BigInt(result.stateSize),
  peakMemoryBytes: BigInt(result.peakMemoryBytes),
  seed: BigInt(result.seed),
});

export const trainResultFromWire = (message: wire.TrainResult): TrainResult => {
  const parameters = required('the parameter count of a train result', message.parameters);
  return {
    ...message,
    tasks: message.tasks.map((task) => ({
      ...task,
      metric: metric.fromWire(task.metric),
      sequences: fromInt64(task.sequences),
      steps: fromInt64(task.steps),
    })),
    raw: mapValues(message.raw, ({ audit, ...values }) => ({
      ...values,
      audit: audit ? { ...audit, hits: audit.hits ?? null, prefix: audit.prefix ?? null } : null,
    })),
    inferenceTokensPerSecond: message.inferenceTokensPerSecond ?? null,
    neighbourCores: message.neighbourCores ?? null,
    curves: mapValues(message.curves, (curve) => curve.points.map(({ step, loss }) => [fromInt64(step), loss])),
    parameters: { mixer: fromInt64(parameters.mixer), total: fromInt64(parameters.total) },
    stateSize: message.stateSize === undefined ? null : fromInt64(message.stateSize),
    peakMemoryBytes: fromInt64(message.peakMemoryBytes),
    seed: fromInt64(message.seed),
  };
};

export const certificateToWire = (certificate: Certificate): wire.Certificate => ({
  ...certificate,
  verdict: verdict.toWire(certificate.verdict),
  findings: certificate.findings.map((finding) => ({
    ...finding,
    kind: findingKind.toWire(finding.kind),
    status: findingStatus.toWire(finding.status),
    threshold: finding.threshold ?? undefined,
  })),
  parameters: BigInt(certificate.parameters),
  referenceParameters: BigInt(certificate.referenceParameters),
  stateSize: certificate.stateSize === null ? undefined : BigInt(certificate.stateSize),
  fingerprint: certificate.fingerprint.map((values) => ({ values })),
});

export const certificateFromWire = (message: wire.Certificate): Certificate => ({
  ...message,
  verdict: verdict.fromWire(message.verdict),
  findings: message.findings.map((finding) => ({
    ...finding,
    kind: findingKind.fromWire(finding.kind),
    status: findingStatus.fromWire(finding.status),
    threshold: finding.threshold ?? null,
  })),
  parameters: fromInt64(message.parameters),
  referenceParameters: fromInt64(message.referenceParameters),
  stateSize: message.stateSize === undefined ? null : fromInt64(message.stateSize),
  fingerprint: message.fingerprint.map(({ values }) => values),
});
