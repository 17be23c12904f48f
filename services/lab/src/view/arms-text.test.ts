import type { ArmComparison, ArmView } from '@asi/reading';
import { expect, test } from 'vitest';
import { armsText } from './arms-text.ts';
import { paintFor } from './paint.ts';
import { widthOf } from './text-width.ts';

const control: ArmView = {
  name: 'control',
  share: 1,
  minds: { researcher: 'offline', engineer: 'offline', analyst: 'offline', judge: 'offline' },
  policy: 'top-k',
  learnFromInsights: 'yes',
  candidates: 12,
  settled: 12,
  measured: 9,
  failures: [{ code: 'diverged', count: 3 }],
  failedShare: 0.25,
  tokens: 0,
  dollars: 0,
  dollarsAtLeast: false,
  withoutDollars: 0,
  spentSeconds: 123.4,
  spentAtLeast: false,
  best: { id: 'c001-0003', name: 'gated', merit: 0.61, noise: 0.04, expected: 0.57, deviation: 0.03 },
  mean: { value: 0.5, low: 0.4, high: 0.6 },
  curve: [],
  meanLift: null,
  bestLift: null,
};
const thinking: ArmView = {
  ...control,
  name: 'thinking',
  minds: { ...control.minds, researcher: 'llm' },
  tokens: 700_000,
  dollars: 1.5,
  dollarsAtLeast: true,
  withoutDollars: 2,
  meanLift: { value: -0.12, low: -0.2, high: -0.04, verdict: 'worse' },
  bestLift: { value: 0.02, low: -0.1, high: 0.15, verdict: 'inside-noise', candidates: 12 },
};
const textOf = (arms: ArmView[], width = 140): string[] =>
  armsText({ campaignId: 'c001', control: 'control', arms } satisfies ArmComparison, width, paintFor(false, {}));

test('a lift below zero stands in the text as one above does, with its interval', () => {
  const text = textOf([thinking, control]).join('\n');
  expect(text).toContain('thinking against control: mean merit -0.120 [-0.200, -0.040], below the control;');
  expect(text).toContain('best of 12 candidates each +0.020 [-0.100, +0.150], not told apart from the control.');
  expect(text).not.toContain('control against');
});

test('what too few candidates cannot tell is said to be not known, and no number stands in its place', () => {
  const text = textOf([{ ...thinking, mean: null, meanLift: null, bestLift: null }, control]).join('\n');
  expect(text).toContain('thinking against control: not known, for it takes eight measured candidates of each.');
  expect(text).not.toMatch(/-0\.120/);
  const best = control.best && { ...control.best, expected: null, deviation: null };
  expect(textOf([{ ...control, best }])[1]).toMatch(/0\.610 c001-0003 +not known /);
});

test('calls whose dollars are not known are not passed off as free, and the share that failed is shown', () => {
  const [, line] = textOf([thinking, control], 200);
  expect(line).toContain('≥ 1.50');
  expect(line).toContain('25 %');
});

test('the table keeps to the width of the screen', () => {
  for (const width of [80, 100, 140])
    for (const line of textOf([thinking, control], width).slice(0, 3)) expect(widthOf(line)).toBeLessThanOrEqual(width);
});

test('CPU-seconds that are not all on record are marked in their arm and explained: a comparison of cost would else favour the model', () => {
  const [, first = '', second = '', ...below] = textOf([{ ...thinking, spentAtLeast: true }, control], 200);
  expect(first).toMatch(/≥ 123$/);
  expect(second).toMatch(/[^≥] 123$/);
  expect(below.join('\n')).toContain(
    '≥ before CPU-seconds: certificates of draws that were thrown away are on no record',
  );
  expect(textOf([thinking, control], 200).join('\n')).not.toContain('≥ before CPU-seconds');
});
