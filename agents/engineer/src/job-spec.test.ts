import { expect, test } from 'vitest';
import { jobSpecOf } from './job-spec.ts';
import { commandData, program } from './testing/failed-training.ts';

test('a training has the budget of its command, so that no certificate has to be believed', () => {
  const budgetOf = (parameterRatio: number | null) =>
    jobSpecOf(commandData({ parameterRatio }), { origin: 'foreign', source: program }).parameterBudget;
  expect([budgetOf(1.5), budgetOf(null)]).toEqual([1.5, null]);
});

test('a training is stopped early unless its command asks for reports only', () => {
  const specOf = (change: Parameters<typeof commandData>[0]) =>
    jobSpecOf(commandData(change), { origin: 'foreign', source: program });
  expect(specOf({ reportStops: true }).reportStops).toBe(true);
  expect(Object.keys(specOf({}))).not.toContain('reportStops');
});
