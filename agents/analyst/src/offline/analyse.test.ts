import type { Paper } from '@asi/contracts';
import { createComponentSums } from '@asi/statistics';
import { expect, test } from 'vitest';
import { analyseData, history } from '../testing/analyse-command.ts';
import { analyse } from './analyse.ts';

const at = '2026-01-01T00:00:00.000Z';
const paper: Paper = {
  _id: '2411.12537',
  title: 'Negative eigenvalues',
  authors: 'G',
  year: 2024,
  summary: 's',
  insights: [{ symptom: 'parity fails', idea: 'Let beta reach 2.', implementation: 'i' }],
  components: [],
};

function tree(pairs: number) {
  const statistics = createComponentSums();
  for (let i = 0; i < pairs; i++) {
    statistics.add({ components: ['write=delta', 'decay=none'], merit: 0.5 + (i % 2) * 0.02 });
    statistics.add({ components: ['write=delta-2', 'decay=none'], merit: 0.8 + (i % 2) * 0.02 });
  }
  return statistics;
}

test('an effect that the tree shows is stated with its interval, and the insight is sure of it', () => {
  const { analysis, insight } = analyse(analyseData(), tree(10), [], at);
  expect(insight.text).toMatch(/raises merit .*write=delta-2 \+0\.\d+ \[\+0\.\d+, \+0\.\d+\] \(11 designs\)/);
  expect(insight.confidence).toBeGreaterThan(0.9);
  expect(analysis).toMatchObject({ predictionHeld: 'held', insightIds: ['c001-0007'] });
});

test('without evidence nothing is claimed', () => {
  const same = analyseData({ parent: history('c001-0001', 0.78, ['write=delta']) });
  const { analysis, insight } = analyse(same, createComponentSums(), [], at);
  expect(insight.text).toContain("no component's effect can be told from the noise yet");
  expect(analysis.text).toContain('which chance explains');
  expect(insight.confidence).toBe(0.5);
  expect(analysis.predictionHeld).toBe('undecided');
});

test('its own result is part of the evidence, and the sums of the tree stay as they were', () => {
  const sums = tree(3);
  const { insight } = analyse(analyseData(), sums, [], at);
  expect(insight.effects.find((one) => one.component === 'write=delta-2')?.experiments).toBe(4);
  expect(sums.count(0)).toBe(6);
});

test('literature is cited by what it says on the symptom', () => {
  const { analysis } = analyse(analyseData(), tree(2), [{ paper, matched: ['parity'] }], at);
  expect(analysis.text).toContain('Let beta reach 2 (Negative eigenvalues, arXiv 2411.12537)');
  expect(analysis.citations).toContainEqual({
    kind: 'paper',
    id: '2411.12537',
    why: 'Negative eigenvalues: speaks of parity',
  });
});

test('a loss that is too good is not praised but questioned', () => {
  const data = analyseData();
  const { analysis } = analyse({ ...data, fitness: { ...data.fitness, suspicious: true } }, tree(2), [], at);
  expect(analysis.text).toContain('a leak must be ruled out');
});

test('the same input gives the same analysis', () => {
  expect(analyse(analyseData(), tree(5), [], at)).toEqual(analyse(analyseData(), tree(5), [], at));
});
