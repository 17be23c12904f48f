import { campaignSettingsSchema } from '@asi/contracts';
import { expect, test } from 'vitest';
import type { Terms } from './context.ts';
import { secondsFor } from './deadlines.ts';
import { draftsOf } from './drafts-of.ts';

const terms = (minds: Terms['minds'], limits: Partial<Terms['limits']> = {}): Terms => {
  const settings = campaignSettingsSchema.parse({ limits });
  return { ...settings, evaluationSeed: 'e', minds };
};
const limits = { designSeconds: 100, queueSeconds: 1000, assessSeconds: 70, drawsPerDesign: 12, drafts: 3 };

test('a model that repairs its design again and again behind others is not cut off by the deadline of a draw from the grammar', () => {
  const llm = terms({ researcher: 'llm' }, limits);
  expect([draftsOf(llm), secondsFor('design', llm, undefined)]).toEqual([3, 1300]);
  const offline = terms({ researcher: 'offline', judge: 'llm' }, limits);
  expect([draftsOf(offline), secondsFor('design', offline, undefined)]).toEqual([12, 100]);
});

test('an analysis of three calls in a row has the time for three, whoever else is offline', () => {
  expect(secondsFor('assess', terms({ analyst: 'llm', judge: 'offline' }, limits), undefined)).toBe(210);
  expect(secondsFor('assess', terms({ judge: 'llm' }, limits), undefined)).toBe(210);
  expect(secondsFor('assess', terms({ researcher: 'llm' }, limits), undefined)).toBe(70);
});

test('an engineer that asks its model how to mend a training that ended late is not cut off by the deadline of the training', () => {
  const times = { ...limits, trainingSeconds: 900 };
  expect(secondsFor('training', terms({ engineer: 'llm' }, times), undefined)).toBe(1000);
  expect(secondsFor('training', terms({ researcher: 'llm', engineer: 'offline' }, times), undefined)).toBe(900);
});

test('a candidate of an offline arm has the time to wait for a place that the model of another arm holds', () => {
  const control = { ...terms({}, limits), modelRoles: ['researcher', 'analyst'] as const };
  expect([secondsFor('design', control, undefined), secondsFor('assess', control, undefined)]).toEqual([1100, 210]);
});

test('an experiment of a version that knew no drafts has the usual number of them', () => {
  const { drafts: _, ...older } = terms({ researcher: 'llm' }).limits;
  expect(draftsOf({ minds: { researcher: 'llm' }, limits: older })).toBe(4);
});
