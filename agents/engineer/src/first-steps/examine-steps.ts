import type { ProbeResult } from '@asi/runner-client';
import type { FailedOutcome } from '../mind.ts';
import type { Answered } from '../run-job.ts';
import { type ReadSteps, readSteps } from './read-steps.ts';

/**
 * By the fastest steps of each task, and still so many times the limit: seconds of a busy machine, or of a first step that
 * sets things up, are no reason to ask a model.
 */
const farTooSlow = 2;

/**
 * What a training would fail by, from the first steps of one; null where nothing is wrong with them, or nothing can be told.
 * Pure. The words are those of the program's own process: believed as far as to look closer, and measured is nothing by them.
 * @param wallSeconds of the training; null where it runs on another device than the steps did
 */
export function examineSteps(answered: Answered, wallSeconds: number | null): FailedOutcome | null {
  if (answered.status !== 'ok') return answered;
  if (answered.kind !== 'probe') throw new Error('a probe answered with another kind of result');
  const { result } = answered;
  const read = readSteps(result.stdout);
  const { failed } = read;
  if (failed) return outcomeOf(result, failed.reason, `${failed.message} (on ${failed.task})`);
  const wild = wildStepOf(read);
  if (wild) return outcomeOf(result, 'diverged', wild);
  const slow = wallSeconds === null ? null : slownessOf(read, wallSeconds);
  return slow === null ? null : { status: 'timeout', message: slow, evidence: evidenceOf(result) };
}

function wildStepOf({ tasks }: ReadSteps): string | null {
  for (const { task, told } of tasks)
    for (const { step, loss, gradientNorm } of told)
      if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm))
        return `The ${Number.isFinite(loss) ? 'gradient' : 'loss'} on ${task} is not finite in step ${step}.`;
  return null;
}

function slownessOf({ tasks }: ReadSteps, wallSeconds: number): string | null {
  const seconds = tasks.reduce((sum, { steps, told }) => sum + steps * Math.min(...told.map((one) => one.seconds)), 0);
  if (!(seconds > farTooSlow * wallSeconds)) return null;
  return `By its fastest steps a training would take ${Math.round(seconds)} s, and it has ${wallSeconds} s.`;
}

const reasons: ReadonlySet<string> = new Set(['program-invalid', 'crashed', 'diverged'] satisfies Reason[]);
type Reason = (FailedOutcome & { status: 'failed' })['reason'];

/** A reason that we do not know is one that the program has printed: it crashed, in whatever words. */
const outcomeOf = (result: ProbeResult, reason: string, message: string): FailedOutcome => ({
  status: 'failed',
  reason: reasons.has(reason) ? (reason as Reason) : 'crashed',
  message,
  evidence: evidenceOf(result),
});

/** What was printed stands last: the end of a log is what is shown first. */
const evidenceOf = ({ stdout, stderr }: ProbeResult) => ({ worker: 'probe', logTail: `${stderr}\n${stdout}`.trim() });
