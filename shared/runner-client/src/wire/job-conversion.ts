import type { Capabilities, IsolationProbe, Job, JobState } from '../job.ts';
import {
  type JobId,
  type JobKind,
  type JobSpec,
  jobIdSchema,
  jobSpecSchema,
  type Probe,
  type Program,
} from '../job-spec.ts';
import { runnerError } from '../runner-error.ts';
import { enumCodec, fromInt64, required } from './enum-codec.ts';
import type * as wire from './index.ts';
import { originCodec, statusCodec, timesFromWire, timesToWire } from './outcome-conversion.ts';

export const kindCodec = enumCodec<JobKind, wire.JobKind>('the kind of the job', {
  train: 'JOB_KIND_TRAIN',
  certify: 'JOB_KIND_CERTIFY',
  probe: 'JOB_KIND_PROBE',
});
export const stateCodec = enumCodec<JobState, wire.JobState>('the state of the job', {
  queued: 'JOB_STATE_QUEUED',
  running: 'JOB_STATE_RUNNING',
  finished: 'JOB_STATE_FINISHED',
});
const deviceCodec = enumCodec<JobSpec['device'], wire.Device>('the device', {
  auto: 'DEVICE_UNSPECIFIED',
  cpu: 'DEVICE_CPU',
  cuda: 'DEVICE_CUDA',
});

const programToWire = (program: Program): wire.Program => ({
  origin: originCodec.toWire(program.origin),
  program:
    program.origin === 'builtin'
      ? { $case: 'builtin', value: program.builtin }
      : { $case: 'source', value: program.source },
});

const probeToWire = (probe: Probe): wire.Probe => ({
  probe: 'name' in probe ? { $case: 'name', value: probe.name } : { $case: 'snippet', value: probe.snippet },
});

export const jobSpecToWire = (spec: JobSpec): wire.JobSpec => ({
  ...spec,
  kind: kindCodec.toWire(spec.kind),
  program: programToWire(spec.program),
  seed: BigInt(spec.seed),
  device: deviceCodec.toWire(spec.device),
  limits: { wallSeconds: spec.limits.wallSeconds, memoryBytes: BigInt(spec.limits.memoryBytes) },
  parameterBudget: spec.parameterBudget ?? undefined,
  full: spec.full ?? false,
  reportStops: spec.reportStops ?? false,
  probe: spec.probe && probeToWire(spec.probe),
});

const firstIssue = (issues: readonly { path: PropertyKey[]; message: string }[]): string =>
  issues.map((issue) => `${issue.path.map(String).join('.') || 'value'}: ${issue.message}`)[0] ?? 'not valid';

/** Errors: `job-invalid` names the first field that is wrong. */
export const jobIdFromWire = (jobId: string): JobId => {
  const parsed = jobIdSchema.safeParse(jobId);
  if (parsed.success) return parsed.data;
  throw runnerError('job-invalid', `job id ${JSON.stringify(jobId)}: ${firstIssue(parsed.error.issues)}`);
};

/** Errors: `job-invalid` names the first field that is wrong. */
export const jobSpecFromWire = (message: wire.JobSpec): JobSpec => {
  const program = required('the program of a job', message.program);
  const limits = required('the limits of a job', message.limits);
  const origin = originCodec.fromWire(program.origin);
  const parsed = jobSpecSchema.safeParse({
    ...message,
    kind: kindCodec.fromWire(message.kind),
    program: { origin, ...(program.program && { [program.program.$case]: program.program.value }) },
    seed: fromInt64(message.seed),
    device: deviceCodec.fromWire(message.device),
    limits: { wallSeconds: limits.wallSeconds, memoryBytes: fromInt64(limits.memoryBytes) },
    parameterBudget: message.parameterBudget ?? null,
    full: message.full || undefined,
    reportStops: message.reportStops || undefined,
    probe: message.probe && { ...(message.probe.probe && { [message.probe.probe.$case]: message.probe.probe.value }) },
  });
  if (parsed.success) return parsed.data;
  throw runnerError('job-invalid', `the job is not valid: ${firstIssue(parsed.error.issues)}`);
};

export const jobToWire = (job: Job): wire.Job => ({
  ...job,
  kind: kindCodec.toWire(job.kind),
  state: stateCodec.toWire(job.state),
  lastSeq: BigInt(job.lastSeq),
  times: timesToWire(job.times),
  status: job.status === null ? 'OUTCOME_STATUS_UNSPECIFIED' : statusCodec.toWire(job.status),
  slot: job.slot ?? undefined,
});

export const jobFromWire = (message: wire.Job): Job => ({
  ...message,
  jobId: jobIdFromWire(message.jobId),
  kind: kindCodec.fromWire(message.kind),
  state: stateCodec.fromWire(message.state),
  lastSeq: fromInt64(message.lastSeq),
  times: timesFromWire(required('the times of a job', message.times)),
  status: message.status === 'OUTCOME_STATUS_UNSPECIFIED' ? null : statusCodec.fromWire(message.status),
  slot: message.slot ?? null,
});

export const capabilitiesToWire = (capabilities: Capabilities): wire.CapabilitiesResponse => ({
  ...capabilities,
  slots: capabilities.slots.map((slots) => ({ ...slots, kind: kindCodec.toWire(slots.kind) })),
  devices: capabilities.devices.map(deviceCodec.toWire),
});

export const capabilitiesFromWire = (message: wire.CapabilitiesResponse): Capabilities => {
  const isolation = required('the isolation of a runner', message.isolation);
  return {
    ...message,
    slots: message.slots.map((slots) => ({ ...slots, kind: kindCodec.fromWire(slots.kind) })),
    devices: message.devices.map((device) => (device === 'DEVICE_CUDA' ? 'cuda' : 'cpu')),
    isolation: {
      ...isolation,
      probes: isolation.probes.map((probe) => ({ ...probe, verdict: probe.verdict as IsolationProbe['verdict'] })),
    },
    versions: required('the versions of a runner', message.versions),
    started: required('the start time of a runner', message.started),
  };
};
