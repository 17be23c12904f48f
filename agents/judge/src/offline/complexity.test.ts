import { baselineComponents } from '@asi/contracts';
import { expect, test } from 'vitest';
import { judgeData, reference } from '../testing/judge-command.ts';
import { complexityOf, partsInUse } from './complexity.ts';

const deltaNet = baselineComponents['delta-net'] ?? [];
const score = (parameters: number, flopsPerToken: number, components: readonly string[] | null = deltaNet) =>
  complexityOf(judgeData({ parameters, flopsPerToken }).measurement, components, reference()).score;

test('DeltaNet is five, twice its cost is one, half its cost is nine', () => {
  expect([score(17000, 40000), score(34000, 80000), score(8500, 20000)]).toEqual([5, 1, 9]);
});

test('more parts at the same cost are less simple', () => {
  expect(score(17000, 40000, [...deltaNet, 'router-floor=0.02'])).toBeLessThan(5);
});

test('a slot that is set to nothing is no part', () => {
  expect(partsInUse(['decay=none', 'router=single', 'router-floor=0', 'feature-map=identity', 'write=delta'])).toBe(1);
});

test('a cost that was not measured is no advantage', () => {
  expect([score(17000, 0), score(0, 40000)]).toEqual([5, 5]);
});
