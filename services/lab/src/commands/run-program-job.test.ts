import type { FinishedEvent, JobOutcome } from '@asi/runner-client';
import { expect, test } from 'vitest';
import { certifySpec } from './certify.ts';
import { failureOf, withoutResult } from './run-program-job.ts';

const ended = (outcome: JobOutcome) =>
  withoutResult('mixer.py', certifySpec({ origin: 'builtin', builtin: 'delta-net' }, null, 9), {
    outcome,
  } as FinishedEvent).message;

test.each<JobOutcome>([
  {
    status: 'failed',
    reason: 'environment',
    // As trainer/scorer/out_of_time.py says it.
    message: 'The job used up its wall-clock limit: give the runner fewer slots, or raise wallSeconds.',
    evidence: {},
  },
  { status: 'timeout', message: 'make the program faster or raise wallSeconds', evidence: {} },
])('whoever ran out of time with a command is not sent to a key of campaign files: $status', (outcome) => {
  const message = ended(outcome);
  expect(message).toContain('raise');
  expect(message).toContain('--seconds');
  expect(message).not.toContain('wallSeconds');
});

test('who reads JSON is told the reason of a failed job and not only that it failed, and the end of any other', () => {
  const spec = certifySpec({ origin: 'builtin', builtin: 'delta-net' }, null, 9);
  const told = (outcome: JobOutcome) => failureOf('mixer.py', spec, { outcome } as FinishedEvent);
  const died = told({ status: 'failed', reason: 'worker-died', message: 'the worker died', evidence: {} });
  expect(died).toEqual({ code: 'worker-died', message: 'mixer.py is not certified, worker-died: the worker died' });
  expect(told({ status: 'timeout', message: 'late', evidence: {} }).code).toBe('timeout');
  expect(told({ status: 'lost', message: 'gone' }).code).toBe('lost');
});

test('what an exception says is said once, and what a program said last beside another reason is not lost', () => {
  const sentence = 'Trying to backward through the graph a second time';
  const crashed = (logTail: string) =>
    ended({
      status: 'failed',
      reason: 'crashed',
      message: `The program raised RuntimeError: ${sentence}.`,
      evidence: { logTail },
    });
  expect(crashed(`Traceback\nRuntimeError: ${sentence}.\n`).split(sentence)).toHaveLength(2);
  expect(crashed(`RuntimeError: Trying to   backward through the graph a second time`)).not.toContain('said last');
  expect(crashed('Segmentation fault')).toContain('(it said last: Segmentation fault)');
});
