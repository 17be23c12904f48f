import type { ArmComparison, ArmView, JournalLine } from '@asi/reading';
import { expect, test } from 'vitest';
import { armLine, armsStanding } from './arms-standing.ts';
import { paintFor } from './paint.ts';
import { widthOf } from './text-width.ts';

const longest = 'a-name-of-24-characters-';
const control = {
  name: 'control',
  candidates: 12,
  settled: 11,
  best: { id: 'c001-0003', name: 'gated', merit: 0.61, noise: 0.04, expected: 0.57, deviation: 0.03 },
  meanLift: null,
  bestLift: null,
} as unknown as ArmView;
const thinking: ArmView = {
  ...control,
  name: 'thinking',
  candidates: 13,
  meanLift: { value: -0.12, low: -0.2, high: -0.04, verdict: 'worse' },
  bestLift: { value: 0.02, low: -0.1, high: 0.15, verdict: 'inside-noise', candidates: 12 },
};
const comparison = (...arms: ArmView[]): ArmComparison => ({ campaignId: 'c001', control: 'control', arms });
const standing = (arms: ArmComparison, width = 80) => armsStanding(arms, width, paintFor(false, {}));
const settled = (arm: string | null) =>
  ({ type: 'asi.experiment.settled.v1', time: '2026-01-15T09:00:00.000Z', data: { arm } }) as JournalLine;

test('each arm stands with what has ended, its best and its lift, one below zero as well', () => {
  const [head, first, second] = standing(comparison(thinking, control), 120);
  expect(head).toMatch(/^arm +ended +best merit +mean lift \[95 %\] +best lift \[95 %\]$/);
  expect(first).toMatch(
    /^thinking +11\/13 +0\.610 c001-0003 +-0\.120 \[-0\.20, -0\.04\] +\+0\.020 \[-0\.10, \+0\.15\]$/,
  );
  expect(second).toMatch(/^control +11\/12 +0\.610 c001-0003 +the control$/);
});

test('what cannot be told yet is said to be so, and no number stands in its place', () => {
  const early = { ...thinking, best: null, meanLift: null, bestLift: null };
  expect(standing(comparison(early, control))[1]).toMatch(/^thinking +11\/13 +none yet +not known yet +not known yet$/);
  expect(armLine(settled('thinking'), comparison(early, control))).toMatch(/ 11\/13, best -, mean lift not known yet$/);
});

test('the screen and the plain line keep to 80 columns, however long the names are, and to their numbers', () => {
  const wide = comparison({ ...thinking, name: longest, candidates: 1234, settled: 1200 }, control);
  for (const line of standing(wide)) expect(widthOf(line), line).toBeLessThanOrEqual(80);
  expect(standing(wide).join('\n')).toContain('-0.120 [-0.20, -0.04]');
  const line = armLine(settled(longest), wide) ?? '';
  expect(widthOf(line)).toBeLessThanOrEqual(80);
  expect(line).toMatch(/arm a-name-.*… 1200\/1234, best 0\.610, mean lift -0\.120 \[-0\.20, -0\.04\]$/);
});

test('a plain line follows only the end of an arm’s candidate, so that other campaigns read as before', () => {
  const arms = comparison(thinking, control);
  expect(armLine(settled('control'), arms)).toMatch(/ {2}arm control 11\/12, best 0\.610, the control$/);
  expect(armLine(settled(null), arms)).toBeNull();
  expect(armLine(settled('thinking'), null)).toBeNull();
  expect(armLine({ ...settled('thinking'), type: 'asi.training.finished.v1' }, arms)).toBeNull();
});
