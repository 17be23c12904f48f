import { baselineComponents } from '@asi/contracts';
import { expect, test } from 'vitest';
import { judgeData, reference } from '../testing/judge-command.ts';
import { complexityOf, partsInUse } from './complexity.ts';
import { judge } from './judge.ts';

const deltaNet = baselineComponents['delta-net'] ?? [];
const score = (parameters: number, components: readonly string[] | null = deltaNet, flopsPerToken = 40000) =>
  complexityOf(judgeData({ parameters, flopsPerToken }).measurement, components, reference()).score;

test('DeltaNet is five, twice its parameters are one, half its parameters nine', () => {
  expect([score(17000), score(34000), score(8500)]).toEqual([5, 1, 9]);
});

test('every part more than DeltaNet has takes 0.3 points, and every part fewer gives as much', () => {
  const more = ['router-floor=0.02', 'write-bias=2', 'second-memory=slow'];
  const parts = deltaNet.filter((label) => partsInUse([label]) === 1);
  for (const count of [1, 2, 3]) {
    expect(score(17000, [...deltaNet, ...more.slice(0, count)])).toBeCloseTo(5 - 0.3 * count, 9);
    expect(score(17000, parts.slice(count))).toBeCloseTo(5 + 0.3 * count, 9);
  }
});

test('a slot that is set to nothing is no part', () => {
  expect(partsInUse(['decay=none', 'router=single', 'router-floor=0', 'feature-map=identity', 'write=delta'])).toBe(1);
});

test('what the process of a candidate claims of its FLOPs or its state moves no judgement', () => {
  const data = judgeData({ flopsPerToken: 40000 });
  for (const claim of [1e-9, 0, 1e12])
    expect(judge({ ...data, measurement: { ...data.measurement, flopsPerToken: claim, stateSize: 1 } })).toEqual(
      judge(data),
    );
});

test('parameters that were not counted are no advantage', () => {
  expect(score(0)).toBe(5);
});
