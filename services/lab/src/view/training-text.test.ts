import type { LeaderboardRow } from '@asi/reading';
import type { Certificate, TrainResult } from '@asi/runner-client';
import { expect, test } from 'vitest';
import { paintFor } from './paint.ts';
import { sparkline } from './sparkline.ts';
import { trainingText } from './training-text.ts';

const task = (name: string, value: number) => ({ task: name, metric: 'accuracy', value, standardError: 0.012 });
const result = {
  suite: 'cpu-quick',
  seed: 3,
  tasks: [task('parity', 0.625), task('overwrite-recall', 0.75)],
  curves: {
    parity: [
      [1, 0.7],
      [2, 0.4],
    ],
  },
  battery: 0.6875,
  parameters: { mixer: 17_312, total: 50_000 },
  flopsPerToken: 40_000,
  stateSize: null,
  trainTokensPerSecond: 9000,
  peakMemoryBytes: 1e9,
  cpuSeconds: 20,
} as unknown as TrainResult;
const baseline = (name: string, value: number) =>
  ({ name, battery: value, tasks: { parity: { value }, 'overwrite-recall': { value } } }) as unknown as LeaderboardRow;

test('every task stands beside the same task of every baseline, as wide as there is room', () => {
  const paint = paintFor(false, {});
  const rows = [baseline('delta-net', 0.5), baseline('mamba2', 0.25)];
  const wide = trainingText('mixer.py', result, rows, 120, paint, null);
  expect(wide.find((line) => line.startsWith('parity'))).toMatch(/0\.625±\.012 +█▁ +0\.500 +0\.250$/);
  expect(wide.find((line) => line.startsWith('battery'))).toMatch(/0\.688 +0\.500 +0\.250$/);
  const narrow = trainingText('mixer.py', result, rows, 62, paint, null);
  expect(narrow.find((line) => line.startsWith('task'))).not.toContain('mamba2');
  expect(Math.max(...narrow.slice(0, 6).map((line) => line.length))).toBeLessThanOrEqual(62);
});

test('scores of a program that seems to look ahead are marked, with the reason', () => {
  const suspectLeak = 'parity: the loss of an answer differs';
  const lines = trainingText('mixer.py', { ...result, suspectLeak }, [], 120, paintFor(false, {}), null);
  expect(lines.at(-1)).toContain('Suspect leak: parity: the loss of an answer differs.');
  const honest = trainingText('mixer.py', { ...result, suspectLeak: '' }, [], 120, paintFor(false, {}), null);
  expect(honest.join()).not.toContain('leak');
});

test('a program that passed its certificate with remarks gets no unmarked score: each is a line under the scores', () => {
  const finding = (test: string, kind: string, status: string) => ({
    test,
    kind,
    status,
    message: `${test}: of ${test}.\u001b[2J`,
  });
  const findings = [
    finding('schedules', 'soft', 'fail'),
    finding('op count', 'soft', 'pass'),
    finding('state size', 'reported', 'reported'),
    finding('uncounted work', 'soft', 'fail'),
  ] as unknown as Certificate['findings'];
  const lines = trainingText('mixer.py', result, [], 120, paintFor(false, {}), { findings });
  expect(lines.slice(-2)).toEqual([
    expect.stringContaining('Flagged, schedules: of schedules.'),
    expect.stringContaining('Flagged, uncounted work: of uncounted work.'),
  ]);
  expect(lines.join('')).not.toContain('\u001b');
  for (const none of [null, { findings: findings.slice(1, 3) }])
    expect(trainingText('mixer.py', result, [], 120, paintFor(false, {}), none).join()).not.toContain('Flagged');
});

test('operations that could not be counted are not shown as none', () => {
  const lines = trainingText('mixer.py', { ...result, flopsPerToken: 0 }, [], 120, paintFor(false, {}), null);
  expect(lines.join()).toContain('- FLOPs per token');
});

test('a curve is as long as its values or the width, ends with the last value, and shows what is not finite', () => {
  expect(sparkline([4, 3, 2, 1], 8)).toBe('█▆▃▁');
  expect(sparkline([1, 1], 8)).toBe('▁▁');
  expect(sparkline([1, Number.NaN, 2], 8)).toBe('▁?█');
  expect(
    sparkline(
      Array.from({ length: 100 }, (_, i) => 100 - i),
      10,
    ),
  ).toHaveLength(10);
  expect(sparkline([...Array.from({ length: 99 }, () => 1), 9], 10).at(-1)).toBe('█');
});
