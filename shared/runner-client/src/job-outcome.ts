import { z } from 'zod';
import { programOriginSchema } from './job-spec.ts';
import { certificateSchema, probeResultSchema, trainResultSchema } from './results.ts';

/** Why a program, or the attempt to run it, failed. A used-up time limit is an outcome of its own. */
export const failureReasonSchema = z.enum([
  'program-invalid',
  'crashed',
  'diverged',
  'out-of-memory',
  'bad-frame',
  'worker-died',
  /** By SIGKILL, or with held-out data in whatever way: perhaps from outside, so it is no verdict on the program. */
  'worker-killed',
  'spec-invalid',
  'environment',
  /** Quality control ended the training: `evidence.rule` names the rule. */
  'stopped-early',
  /** The trained program looks ahead, seen on held-out sequences whose later tokens were replaced. */
  'leak',
]);
export type FailureReason = z.output<typeof failureReasonSchema>;

const evidence = z.record(z.string(), z.string());

/** How a job ended. `lost`: the runner stopped or died, or its trainer was killed; nothing is known about the program, try again. */
export const jobOutcomeSchema = z.union([
  z.object({ status: z.literal('ok'), kind: z.literal('train'), result: trainResultSchema }),
  z.object({ status: z.literal('ok'), kind: z.literal('certify'), result: certificateSchema }),
  z.object({ status: z.literal('ok'), kind: z.literal('probe'), result: probeResultSchema }),
  z.object({ status: z.literal('failed'), reason: failureReasonSchema, message: z.string(), evidence }),
  z.object({ status: z.literal('cancelled'), message: z.string() }),
  z.object({ status: z.literal('lost'), message: z.string() }),
  z.object({ status: z.literal('timeout'), message: z.string(), evidence }),
]);
export type JobOutcome = z.output<typeof jobOutcomeSchema>;
export type OutcomeStatus = JobOutcome['status'];

/** Whether a failure is the machine's, or may be: the same job is worth another try. */
export const mayBeFromOutside = (outcome: JobOutcome): boolean =>
  outcome.status === 'failed' && (outcome.reason === 'environment' || outcome.reason === 'worker-killed');

/** RFC 3339 times. `working`: the first phase after `starting`; null while not reached. */
export const jobTimesSchema = z.object({
  queued: z.string(),
  started: z.string().nullable(),
  working: z.string().nullable(),
  finished: z.string().nullable(),
});
export type JobTimes = z.output<typeof jobTimesSchema>;

export const versionsSchema = z.object({
  runner: z.string(),
  trainer: z.string(),
  torch: z.string(),
  python: z.string(),
});
export type Versions = z.output<typeof versionsSchema>;

/** Under which conditions a result was measured. */
export const provenanceSchema = z.object({
  isolationTier: z.int().nonnegative(),
  isolationHash: z.string(),
  recipe: z.string(),
  origin: programOriginSchema,
  device: z.string(),
  versions: versionsSchema,
});
export type Provenance = z.output<typeof provenanceSchema>;
