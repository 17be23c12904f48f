import type { Analysis, Judgement } from '@asi/contracts';
import { expect, test } from 'vitest';
import { analysisLines, judgementLines } from './assessment-text.ts';
import { paintFor } from './paint.ts';

const paint = paintFor(false, {});
const judgement: Judgement = {
  criteria: { performance: 5, innovation: 4 },
  weights: { performance: 0.5, innovation: 0.5 },
  total: 4.5,
  reason: 'Because.',
  author: 'judge/llm (m)',
  repeats: [{ innovation: 2 }, { innovation: 4 }, { innovation: 9 }],
  spread: { innovation: 7, total: 2.45 },
  calls: ['a'],
  remarks: ['asking 2 was\u001b[31m of no use'],
};
const analysis: Analysis = {
  comparisons: [],
  predictionHeld: null,
  text: 'First.\nSecond.',
  insightIds: [],
  citations: [],
  author: 'analyst/llm (m)',
  remarks: ['struck: claim c2'],
};

test('a judge that disagreed with itself is shown as one', () => {
  expect(judgementLines(judgement, paint)).toEqual([
    'judged 4.5 of 10 (performance 5.0, innovation 4.0): Because.',
    'asked 3 times; largest less smallest score: innovation 7.0, total 2.5',
    'judge/llm (m): asking 2 was [31m of no use',
  ]);
});

test('a judgement without a model speaks of no askings', () => {
  const { repeats, spread, calls, remarks, ...offline } = judgement;
  expect([repeats, spread, calls, remarks].every(Boolean)).toBe(true);
  expect(judgementLines(offline, paint)).toHaveLength(1);
});

test('what was struck from an analysis is shown: a reader must not take silence for agreement', () => {
  expect(analysisLines(analysis, null, paint)).toEqual(['First.', 'Second.', 'analyst/llm (m): struck: claim c2']);
});
