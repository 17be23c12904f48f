import { beginPulse, pulseSeconds } from '@asi/contracts';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { watchPulse } from './watch-pulse.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const pass = (seconds: number) => vi.advanceTimersByTime(seconds * 1000);

function watched(silenceSeconds: number, fromStart = false) {
  let silences = 0;
  const watch = watchPulse(silenceSeconds, fromStart, () => silences++);
  onTestFinished(watch.cancel);
  return { ...watch, silences: () => silences };
}

test('a process that goes on giving signs of life is never taken for one that hangs', () => {
  const watch = watched(15);
  const lines: string[] = [];
  beginPulse((line) => lines.push(line));
  for (let looks = 0; looks < 100; looks++) {
    for (const line of lines.splice(0)) watch.onLine(JSON.parse(line.trim()));
    pass(pulseSeconds);
  }
  expect(watch.silences()).toBe(0);
});

test('a process that falls silent is reported once, after the silence that was set and not before', () => {
  const watch = watched(15);
  watch.onLine({ msg: 'pulse' });
  pass(14);
  watch.onLine({ msg: 'other words are no sign that its event loop turns: another thread may say them' });
  expect(watch.silences()).toBe(0);
  pass(1);
  expect(watch.silences()).toBe(1);
  pass(1000);
  expect(watch.silences()).toBe(1);
});

test('a process that hangs in its start is not waited for for ever, where it is known to give signs from then on', () => {
  const watch = watched(15, true);
  pass(14);
  watch.onLine({ msg: 'starting' });
  expect(watch.silences()).toBe(0);
  pass(1);
  expect(watch.silences()).toBe(1);
  const switchedOff = watched(0, true);
  pass(1000);
  expect(switchedOff.silences()).toBe(0);
});

test('a program that never gives a sign of life is left alone', () => {
  const watch = watched(15);
  watch.onLine({ msg: 'ready' });
  pass(1000);
  expect(watch.silences()).toBe(0);
});

test('after the end of a process its silence is nobody’s', () => {
  const watch = watched(15);
  watch.onLine({ msg: 'pulse' });
  watch.cancel();
  pass(1000);
  expect(watch.silences()).toBe(0);
});

test('a silence of 0 watches nothing', () => {
  const watch = watched(0);
  watch.onLine({ msg: 'pulse' });
  pass(1000);
  expect(watch.silences()).toBe(0);
});
