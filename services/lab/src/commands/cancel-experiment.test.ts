import { sampleCampaign } from '@asi/reading/testing';
import { expect, test } from 'vitest';
import { refuseWithoutUse } from './cancel-experiment.ts';

const running = { id: 'c001-b01', kind: 'baseline', state: 'training.running', finished: false, measurement: null };
const measurement = sampleCampaign().experiments.find((one) => one.measurement)?.measurement ?? null;

test('a baseline that the campaign compares with already cannot be taken out of what it is compared with', () => {
  expect(() => refuseWithoutUse({ ...running, kind: 'baseline', state: 'assessing', measurement })).toThrow(
    'c001-b01 is measured, and its campaign compares with it: nothing is left to cancel',
  );
});

test('whatever can still be stopped may be cancelled, and what has ended may not', () => {
  expect(() => refuseWithoutUse({ ...running, kind: 'baseline' })).not.toThrow();
  expect(() => refuseWithoutUse({ ...running, kind: 'baseline', state: 'measured', measurement })).not.toThrow();
  expect(() => refuseWithoutUse({ ...running, kind: 'candidate', state: 'assessing', measurement })).not.toThrow();
  expect(() => refuseWithoutUse({ ...running, kind: 'candidate', state: 'failed', finished: true })).toThrow(
    'has ended already: failed',
  );
});
