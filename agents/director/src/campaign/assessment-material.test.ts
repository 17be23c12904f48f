import type { ArtifactHash, ExperimentRecord } from '@asi/contracts';
import { expect, test } from 'vitest';
import { referenceFrom } from '../fitness/reference.ts';
import { createKnowledge } from '../knowledge.ts';
import { remember } from '../remembered.ts';
import { sampleContext, sampleDesign, sampleMeasurement } from '../testing/samples.ts';
import { materialFor } from './assessment-material.ts';

const hash = 'c'.repeat(64) as ArtifactHash;
const measurement = sampleMeasurement();
const context = sampleContext({ measurement, horizon: 1, ordinal: 2, campaignNumber: 1 });
const reference = referenceFrom(
  [2, 2.1].map((languageModelLoss) => ({ name: 'delta-net', measurement: sampleMeasurement({ languageModelLoss }) })),
  context.yardstick,
);

function materialWith(change: Pick<typeof sampleDesign, 'parentProgramHash'>) {
  if (!reference) throw new Error('two runs make a reference');
  const record = (own: Partial<ExperimentRecord>) =>
    ({
      campaignNumber: 1,
      outcome: 'completed',
      arm: null,
      reason: null,
      program: null,
      judgement: null,
      measurement,
      yardstick: context.yardstick,
      ...own,
    }) as ExperimentRecord;
  const baseline = record({
    _id: 'c001-b01' as ExperimentRecord['_id'],
    kind: 'baseline',
    baseline: 'delta-net',
    name: 'delta-net',
    parentId: null,
    design: null,
  });
  const parent = record({
    _id: 'c001-0001' as ExperimentRecord['_id'],
    kind: 'candidate',
    baseline: null,
    name: 'child',
    ordinal: 1,
    parentId: 'c001-b01',
    design: { ...sampleDesign, ...change },
  });
  const knowledge = createKnowledge();
  for (const one of [baseline, parent]) knowledge.add(one);
  const baselines = [{ experimentId: baseline._id, name: 'delta-net' }];
  return materialFor({ ...context, baselines, parent: remember(parent).entry }, reference, knowledge);
}
const grandparentWith = (change: Parameters<typeof materialWith>[0]) => materialWith(change).grandparent;

test('a grandparent that is a baseline has the program that its child was designed from, or the analyst is blind to it', () => {
  expect(grandparentWith({ parentProgramHash: hash })).toMatchObject({ baseline: 'delta-net', programHash: hash });
});

test('a record from before has no program of its baseline, and none is made up', () => {
  expect(grandparentWith({})).toMatchObject({ baseline: 'delta-net', programHash: null });
});

test('the judge is told a run of the baseline that its scale is anchored on, with the numbers that its curves are found by', () => {
  const { languageModelLoss, battery } = measurement;
  expect(materialWith({}).anchor).toMatchObject({ experimentId: 'c001-b01', languageModelLoss, battery });
});
