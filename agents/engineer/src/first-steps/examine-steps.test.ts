import { describe, expect, it } from 'vitest';
import type { Answered } from '../run-job.ts';
import { probed } from '../testing/scripted-house.ts';
import { examineSteps } from './examine-steps.ts';

const steps = (task: string, of: number, seconds: readonly number[], loss = '2.3026', norm = '0.9') =>
  seconds.map(
    (one, index) => `${task} step ${index + 1} of ${of}: loss ${loss} nats, gradient norm ${norm}, ${one.toFixed(3)} s`,
  );
const printing = (...lines: readonly string[]) => probed({ stdout: `${lines.join('\n')}\n` }) as Answered;
const sound = steps('parity', 150, [3, 0.05, 0.06, 0.05]);

describe('the first steps of a training', () => {
  it('are sound where nothing is wrong, and where nothing can be told: no model is asked for nothing', () => {
    expect(examineSteps(printing(...sound, ...steps('recall', 300, [0.2, 0.1, 0.1, 0.1])), 300)).toBeNull();
    expect(examineSteps(printing('asked for {"name": "steps"}'), 300)).toBeNull();
  });

  it('tell of an exception with the task, and show the traceback and what went well before it', () => {
    const stdout = `${sound.join('\n')}\nrecall failed, crashed: RuntimeError: sizes differ: 3, 4 (line 12 of the program)\n`;
    const found = examineSteps(probed({ stdout, stderr: 'Traceback: sizes differ' }) as Answered, 300);
    expect(found).toMatchObject({
      status: 'failed',
      reason: 'crashed',
      message: 'RuntimeError: sizes differ: 3, 4 (line 12 of the program) (on recall)',
    });
    const { logTail } = found?.evidence ?? {};
    expect(logTail).toContain('Traceback: sizes differ');
    expect(logTail).toContain('parity step 1 of 150');
  });

  it.each([
    ['loss', steps('parity', 150, [0.1], 'nan'), 'The loss on parity is not finite in step 1.'],
    ['gradient', steps('parity', 150, [0.1], '2.0', 'inf'), 'The gradient on parity is not finite in step 1.'],
  ])('tell of a %s that is not finite', (_, lines, message) => {
    expect(examineSteps(printing(...lines), 300)).toMatchObject({ status: 'failed', reason: 'diverged', message });
  });

  it('tell of a divergence in the words of the trainer', () => {
    const line = 'parity failed, diverged: Training on parity diverged: the loss was not finite.';
    expect(examineSteps(printing(line), 300)).toMatchObject({ reason: 'diverged' });
  });

  it('are too slow by their fastest steps only, and far beyond the limit: a busy machine costs no call', () => {
    const slow = steps('parity', 150, [9, 4.1, 5, 4.2]);
    expect(examineSteps(printing(...slow), 300)).toMatchObject({
      status: 'timeout',
      message: 'By its fastest steps a training would take 615 s, and it has 300 s.',
    });
    expect(examineSteps(printing(...slow), 400)).toBeNull();
    expect(examineSteps(printing(...slow), null)).toBeNull();
  });

  it('say that a program which cannot be built, or takes too much, fails as a training of it would', () => {
    const failed = { status: 'failed', reason: 'out-of-memory', message: 'too large', evidence: {} } as const;
    expect(examineSteps(failed, 300)).toEqual(failed);
  });

  it('take a reason that a program has printed for no more than a crash', () => {
    expect(examineSteps(printing('parity failed, environment: no such luck'), 300)).toMatchObject({
      reason: 'crashed',
    });
  });
});
