import { catalogue } from '@asi/contracts';
import type { JournalLine, Progress } from '@asi/reading';
import { expect, test } from 'vitest';
import { plainLine } from './plain-line.ts';

const line = {
  type: catalogue.settled.type,
  time: '2026-01-01T00:00:00.000Z',
  experimentId: 'c001-b01',
  summary: 'delta-net cancelled',
} as JournalLine;

test('baselines that are lost stay in the number that they are counted of: one of none would be said of a cancelled campaign', () => {
  const progress = {
    candidates: { wanted: 2 },
    baselines: { wanted: 0, completed: 0, withoutResult: 3, reused: 0 },
    confirmations: { runsWanted: 0 },
    secondsLeft: 0,
  } as Progress;
  expect(plainLine(line, progress, { kind: 'baseline', count: 1 })).toMatch(
    /delta-net cancelled {2}\[baselines 1 of 3\]$/,
  );
});

test('a line that ends nothing tells no count, and neither does one before anything is known', () => {
  expect(plainLine(line, null, { kind: 'baseline', count: 1 })).toMatch(/delta-net cancelled$/);
  expect(plainLine(line, {} as Progress, null)).toMatch(/delta-net cancelled$/);
});
