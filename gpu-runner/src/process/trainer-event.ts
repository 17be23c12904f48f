import { measuredNumberSchema } from '@asi/contracts';
import {
  certificateSchema,
  failureReasonSchema,
  type JobEventBody,
  type JobOutcome,
  probeResultSchema,
  trainResultSchema,
  type Versions,
} from '@asi/runner-client';
import { z } from 'zod';

const evidenceSchema = z
  .record(z.string(), z.unknown())
  .transform((evidence) =>
    Object.fromEntries(
      Object.entries(evidence).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
    ),
  )
  .default({});

const outcomeSchema = z.union([
  z.object({ status: z.literal('ok'), kind: z.literal('train'), result: trainResultSchema }),
  z.object({ status: z.literal('ok'), kind: z.literal('certify'), result: certificateSchema }),
  z.object({ status: z.literal('ok'), kind: z.literal('probe'), result: probeResultSchema }),
  z.object({
    status: z.literal('failed'),
    reason: z.union([failureReasonSchema, z.literal('timeout')]),
    message: z.string(),
    evidence: evidenceSchema,
  }),
  z.object({ status: z.literal('cancelled') }),
]);

/** One line of a trainer's standard output. */
const lineSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('started'),
    versions: z.object({ trainer: z.string(), torch: z.string(), python: z.string() }),
    device: z.string(),
  }),
  z.object({
    type: z.literal('phase'),
    phase: z.enum(['starting', 'training', 'evaluating', 'certifying', 'probing', 'reporting']),
    task: z.string().nullable().default(null),
  }),
  z.object({
    type: z.literal('metric'),
    task: z.string(),
    step: z.int(),
    steps: z.int(),
    share: z.number().min(0).max(1),
    values: z.record(z.string(), measuredNumberSchema),
  }),
  z.object({ type: z.literal('log'), level: z.enum(['info', 'warn', 'error']), text: z.string() }),
  z.object({ type: z.literal('finished'), outcome: outcomeSchema }),
]);

export type ProgressEvent = Exclude<JobEventBody, { type: 'finished' }>;
export type TrainerEvent = ProgressEvent | { type: 'finished'; outcome: JobOutcome };

const outcomeOf = (outcome: z.output<typeof outcomeSchema>): JobOutcome => {
  if (outcome.status === 'cancelled') return { status: 'cancelled', message: 'the trainer was asked to stop' };
  if (outcome.status !== 'failed') return outcome;
  const { reason, message, evidence } = outcome;
  return reason === 'timeout' ? { status: 'timeout', message, evidence } : { ...outcome, reason };
};

/** Errors: an `Error` that says which part of the line is wrong. */
export const parseTrainerLine = (line: string, runnerVersion: string): TrainerEvent => {
  const event = lineSchema.parse(JSON.parse(line));
  switch (event.type) {
    case 'started': {
      const versions: Versions = { runner: runnerVersion, ...event.versions };
      return { type: 'started', versions, device: event.device };
    }
    case 'finished':
      return { type: 'finished', outcome: outcomeOf(event.outcome) };
    default:
      return event;
  }
};
