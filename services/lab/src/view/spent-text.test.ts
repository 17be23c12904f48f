import type { Spent, TrainingJob } from '@asi/reading';
import { expect, test } from 'vitest';
import { spentText } from './spent-text.ts';

const job = (attempt: number, changes: Partial<TrainingJob>): TrainingJob => ({
  attempt,
  startedAt: null,
  end: 'without-result',
  code: 'runner-lost',
  cpuSeconds: null,
  seconds: null,
  startUpSeconds: null,
  atMost: false,
  ...changes,
});
const spent: Spent = {
  seconds: 0,
  atMost: false,
  trainings: [],
  certificates: 0,
  certificateCpuSeconds: null,
  notCounted: [],
};

test('no lost training is hidden behind the one that was measured, and a bound is called one', () => {
  const trainings = [
    job(1, { seconds: 12.3 }),
    job(2, { seconds: 170, code: null, atMost: true }),
    job(3, { end: 'measured', code: null, cpuSeconds: 15.6, seconds: 20 }),
  ];
  expect(
    spentText({ ...spent, seconds: 199.9, atMost: true, trainings, certificates: 1, certificateCpuSeconds: 2 }),
  ).toBe(
    'spent at most 199.9 s: training attempt 1 without a result (runner-lost) after 12.3 s; ' +
      'training attempt 2 without a result (nobody reported its end) after at most 170.0 s; ' +
      'training attempt 3 15.6 CPU-seconds; certificate 2.0 CPU-seconds',
  );
  expect(spentText({ ...spent, trainings: [job(1, { end: 'under-way', code: null })] })).toBe(
    'spent 0.0 s: training not ended',
  );
  expect(spentText(spent)).toBeNull();
  // The line of the measurement says it.
  expect(spentText({ ...spent, trainings: [job(1, { end: 'measured', cpuSeconds: 15.6, seconds: 20 })] })).toBeNull();
});

test('what probes and discarded certificates took is no part of the sum, and a sum without it is not passed off as whole', () => {
  const trainings = [job(1, { end: 'measured', code: null, cpuSeconds: 5.4, seconds: 6 })];
  const counted = { ...spent, seconds: 13.8, trainings, certificates: 2, certificateCpuSeconds: 8.4 };
  const whole = 'training 5.4 CPU-seconds; 2 certificates 8.4 CPU-seconds';
  expect(spentText(counted)).toBe(`spent 13.8 s: ${whole}`);
  expect(spentText({ ...counted, notCounted: ['mending'] })).toBe(
    `spent ≥ 13.8 s: ${whole}; not on record and not counted: probes of the engineer, and certificates of programs that it discarded or replaced`,
  );
  expect(spentText({ ...counted, atMost: true, notCounted: ['drafts'] })).toContain('spent about 13.8 s');
  expect(spentText({ ...spent, trainings, notCounted: ['drafts'] })).toContain('certificates of draws');
});
