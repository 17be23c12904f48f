import type { FailureReason, JobOutcome } from '@asi/runner-client';
import { expect, test } from 'vitest';
import { failedTrainingOf, isOwnFault, type Trained } from './failed-training.ts';
import { failedTraining } from './testing/failed-training.ts';

const failing = (reason: FailureReason): JobOutcome => ({ status: 'failed', reason, message: '', evidence: {} });
const timeout: JobOutcome = { status: 'timeout', message: '', evidence: {} };
const { command, program, designed, cause, found } = failedTraining();
const trained: Trained = { command, program, designed, revisions: [], givenUp: null };

test.each([
  ['program-invalid', failing('program-invalid')],
  ['crashed', failing('crashed')],
  ['diverged', failing('diverged')],
  ['out-of-memory', failing('out-of-memory')],
  ['bad-frame', failing('bad-frame')],
  ['worker-died', failing('worker-died')],
  ['stopped-early', failing('stopped-early')],
  ['timeout', timeout],
])('an end that the program brought about (%s) is shown to the engineer, or its design would be lost', (_, outcome) => {
  expect(isOwnFault(outcome)).toBe(true);
  expect(failedTrainingOf(trained, { outcome, cause, found })).toMatchObject({ outcome, program, designed });
});

test.each([
  ['environment', failing('environment')],
  ['worker-killed', failing('worker-killed')],
  ['spec-invalid', failing('spec-invalid')],
  ['leak', failing('leak')],
  ['cancelled', { status: 'cancelled', message: '' }],
  ['lost', { status: 'lost', message: '' }],
] as const)(
  'an end that is no slip in a program (%s) costs no call: what the machine does, and what looks ahead, is not mended',
  (_, outcome) => {
    expect(isOwnFault(outcome)).toBe(false);
    expect(failedTrainingOf(trained, { outcome, cause, found })).toBeNull();
  },
);
