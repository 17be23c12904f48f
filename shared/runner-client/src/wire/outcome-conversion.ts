import type { FailureReason, JobOutcome, JobTimes, OutcomeStatus, Provenance } from '../job-outcome.ts';
import type { ProgramOrigin } from '../job-spec.ts';
import { enumCodec, required } from './enum-codec.ts';
import type * as wire from './index.ts';
import {
  certificateFromWire,
  certificateToWire,
  trainResultFromWire,
  trainResultToWire,
} from './results-conversion.ts';

export const originCodec = enumCodec<ProgramOrigin, wire.ProgramOrigin>('the origin of the program', {
  grammar: 'PROGRAM_ORIGIN_GRAMMAR',
  foreign: 'PROGRAM_ORIGIN_FOREIGN',
  builtin: 'PROGRAM_ORIGIN_BUILTIN',
});
export const statusCodec = enumCodec<OutcomeStatus, wire.OutcomeStatus>('the status of the job', {
  ok: 'OUTCOME_STATUS_OK',
  failed: 'OUTCOME_STATUS_FAILED',
  cancelled: 'OUTCOME_STATUS_CANCELLED',
  lost: 'OUTCOME_STATUS_LOST',
  timeout: 'OUTCOME_STATUS_TIMEOUT',
});
const reasonCodec = enumCodec<FailureReason, wire.FailureReason>('the reason of the failure', {
  'program-invalid': 'FAILURE_REASON_PROGRAM_INVALID',
  crashed: 'FAILURE_REASON_CRASHED',
  diverged: 'FAILURE_REASON_DIVERGED',
  'out-of-memory': 'FAILURE_REASON_OUT_OF_MEMORY',
  'bad-frame': 'FAILURE_REASON_BAD_FRAME',
  'worker-died': 'FAILURE_REASON_WORKER_DIED',
  'worker-killed': 'FAILURE_REASON_WORKER_KILLED',
  'spec-invalid': 'FAILURE_REASON_SPEC_INVALID',
  environment: 'FAILURE_REASON_ENVIRONMENT',
  'stopped-early': 'FAILURE_REASON_STOPPED_EARLY',
  leak: 'FAILURE_REASON_LEAK',
});

export const timesToWire = (times: JobTimes): wire.JobTimes => ({
  queued: times.queued,
  started: times.started ?? undefined,
  working: times.working ?? undefined,
  finished: times.finished ?? undefined,
});

export const timesFromWire = (message: wire.JobTimes): JobTimes => ({
  queued: required('the time a job was queued', message.queued),
  started: message.started ?? null,
  working: message.working ?? null,
  finished: message.finished ?? null,
});

const okToWire = (outcome: JobOutcome & { status: 'ok' }): wire.Ok => {
  switch (outcome.kind) {
    case 'train':
      return { result: { $case: 'train', value: trainResultToWire(outcome.result) } };
    case 'certify':
      return { result: { $case: 'certificate', value: certificateToWire(outcome.result) } };
    case 'probe':
      return { result: { $case: 'probe', value: outcome.result } };
  }
};

const okFromWire = ({ result }: wire.Ok): JobOutcome => {
  const known = required('the result of a job that went well', result);
  switch (known.$case) {
    case 'train':
      return { status: 'ok', kind: 'train', result: trainResultFromWire(known.value) };
    case 'certificate':
      return { status: 'ok', kind: 'certify', result: certificateFromWire(known.value) };
    case 'probe':
      return { status: 'ok', kind: 'probe', result: known.value };
  }
};

export const outcomeToWire = (outcome: JobOutcome): wire.Outcome => {
  switch (outcome.status) {
    case 'ok':
      return { outcome: { $case: 'ok', value: okToWire(outcome) } };
    case 'failed': {
      const { message, evidence } = outcome;
      return { outcome: { $case: 'failed', value: { reason: reasonCodec.toWire(outcome.reason), message, evidence } } };
    }
    case 'timeout':
      return { outcome: { $case: 'timeout', value: { message: outcome.message, evidence: outcome.evidence } } };
    case 'cancelled':
      return { outcome: { $case: 'cancelled', value: { message: outcome.message } } };
    case 'lost':
      return { outcome: { $case: 'lost', value: { message: outcome.message } } };
  }
};

export const outcomeFromWire = (message: wire.Outcome): JobOutcome => {
  const outcome = required('the outcome of a finished job', message.outcome);
  switch (outcome.$case) {
    case 'ok':
      return okFromWire(outcome.value);
    case 'failed':
      return { status: 'failed', ...outcome.value, reason: reasonCodec.fromWire(outcome.value.reason) };
    case 'timeout':
      return { status: 'timeout', ...outcome.value };
    case 'cancelled':
      return { status: 'cancelled', ...outcome.value };
    case 'lost':
      return { status: 'lost', ...outcome.value };
  }
};

export const provenanceToWire = (provenance: Provenance): wire.Provenance => ({
  ...provenance,
  origin: originCodec.toWire(provenance.origin),
});

export const provenanceFromWire = (message: wire.Provenance): Provenance => ({
  ...message,
  origin: originCodec.fromWire(message.origin),
  versions: required('the versions in a provenance', message.versions),
});
