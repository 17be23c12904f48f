import { encodeNonFinite } from '@asi/contracts';
import type { FinishedEvent, JobEvent, JobEventBody } from '../job-event.ts';
import { jobEventSchema } from '../job-event.ts';
import { runnerError } from '../runner-error.ts';
import { fromInt64, required } from './enum-codec.ts';
import type * as wire from './index.ts';
import {
  outcomeFromWire,
  outcomeToWire,
  provenanceFromWire,
  provenanceToWire,
  timesFromWire,
  timesToWire,
} from './outcome-conversion.ts';

export const finishedToWire = (event: FinishedEvent): wire.Finished => ({
  outcome: outcomeToWire(event.outcome),
  provenance: provenanceToWire(event.provenance),
  times: timesToWire(event.times),
});

export const finishedFromWire = (message: wire.Finished): FinishedEvent => ({
  type: 'finished',
  outcome: outcomeFromWire(required('the outcome of a finished job', message.outcome)),
  provenance: provenanceFromWire(required('the provenance of a finished job', message.provenance)),
  times: timesFromWire(required('the times of a finished job', message.times)),
});

const bodyToWire = (body: JobEventBody): NonNullable<wire.JobEvent['event']> => {
  switch (body.type) {
    case 'started':
      return { $case: 'started', value: { versions: body.versions, device: body.device } };
    case 'phase':
      return { $case: 'phase', value: { phase: body.phase, task: body.task ?? undefined } };
    case 'metric': {
      const { task, values, share } = body;
      const counts = { step: BigInt(body.step), steps: BigInt(body.steps), share: share ?? undefined };
      return { $case: 'metric', value: { task, ...counts, values } };
    }
    case 'log':
      return { $case: 'log', value: { level: body.level, text: body.text } };
    case 'finished':
      return { $case: 'finished', value: finishedToWire(body) };
  }
};

export const eventToWire = (event: JobEvent): wire.JobEvent => ({
  seq: BigInt(event.seq),
  time: event.time,
  event: bodyToWire(event.event),
});

const bodyFromWire = (message: NonNullable<wire.JobEvent['event']>): unknown => {
  switch (message.$case) {
    case 'started':
      return { type: 'started', ...message.value };
    case 'phase':
      return { type: 'phase', phase: message.value.phase, task: message.value.task ?? null };
    case 'metric': {
      const { task, step, steps, share, values } = message.value;
      // The schema reads JSON, where non-finite numbers are words.
      const readable = Object.entries(values).map(([name, value]) => [name, encodeNonFinite(name, value)]);
      const counts = { step: fromInt64(step), steps: fromInt64(steps), share: share ?? null };
      return { type: 'metric', task, ...counts, values: Object.fromEntries(readable) };
    }
    case 'log':
      return { type: 'log', ...message.value };
    default:
      throw runnerError('runner-protocol', `a ${message.$case} is not a stored event`);
  }
};

/** Null for a heartbeat, which is not in the ledger. Errors: `runner-protocol`. */
export const eventFromWire = (message: wire.JobEvent): JobEvent | null => {
  const body = required('the content of an event', message.event);
  if (body.$case === 'heartbeat') return null;
  const envelope = { seq: fromInt64(message.seq), time: required('the time of an event', message.time) };
  if (body.$case === 'finished') return { ...envelope, event: finishedFromWire(body.value) };
  return jobEventSchema.parse({ ...envelope, event: bodyFromWire(body) });
};
