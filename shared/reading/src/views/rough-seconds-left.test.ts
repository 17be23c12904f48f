import { expect, test } from 'vitest';
import type { InflightRow } from './progress.ts';
import { roughSecondsLeft } from './rough-seconds-left.ts';

const now = new Date('2026-01-15T09:05:00.000Z');
const row = (id: string, state: string, secondsAgo: number) =>
  ({ id, state, since: new Date(now.getTime() - secondsAgo * 1000).toISOString() }) as InflightRow;
const work = { wanted: 22, completed: 0 };
const left = (inFlight: InflightRow[], shares: Readonly<Record<string, number>>) =>
  roughSecondsLeft({ work, inFlight }, (id) => shares[id] ?? null, now);

test('the first minutes of a first campaign know roughly how long it takes, and not before a training tells enough', () => {
  const inFlight = [row('c001-b01', 'training.running', 30), row('c001-b02', 'training.running', 30)];
  expect(left(inFlight, {})).toBeNull();
  expect(left(inFlight, { 'c001-b01': 0, 'c001-b02': 0.05 })).toBeNull();
  // Half of a training in 30 s: 60 s each, two at once, and 21 of 22 are left.
  expect(left(inFlight, { 'c001-b01': 0.5, 'c001-b02': 0.5 })).toBeCloseTo((21 * 60) / 2, 6);
});

test('a training that waits for a slot is not counted as one that runs', () => {
  const inFlight = [row('c001-b01', 'training.running', 60), row('c001-b02', 'training.queued', 600)];
  expect(left(inFlight, { 'c001-b01': 1, 'c001-b02': 0.6 })).toBeCloseTo(21 * 60, 6);
});
