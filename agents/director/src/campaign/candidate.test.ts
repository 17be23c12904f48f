import { catalogue, type DataOf, type ExperimentId, type ExperimentRecord } from '@asi/contracts';
import { runningCampaign } from '@asi/testkit';
import { expect, test } from 'vitest';
import { type ConfirmationRun, confirmationContext } from '../confirmation/confirmation-runs.ts';
import type { ExperimentContext } from '../experiment/context.ts';
import { referenceFrom } from '../fitness/reference.ts';
import { createKnowledge } from '../knowledge.ts';
import { remember } from '../remembered.ts';
import { sampleMeasurement } from '../testing/samples.ts';
import { baselineContext, candidateContext, openedDocument } from './candidate.ts';

const yardstick = 'y';
const runs = [2, 2.1].map((languageModelLoss) => sampleMeasurement({ languageModelLoss }));
const reference = referenceFrom(
  runs.map((measurement) => ({ name: 'delta-net', measurement })),
  yardstick,
);
if (!reference) throw new Error('two runs make a reference');
const campaign = { ...runningCampaign({ number: 1 }), yardstick, reference };
const clock = { now: () => new Date(0) };

const settled = (change: Partial<ExperimentRecord>) =>
  ({
    _id: 'c001-b01',
    campaignNumber: 1,
    kind: 'baseline',
    ordinal: null,
    arm: null,
    outcome: 'completed',
    name: 'delta-net',
    baseline: 'delta-net',
    seed: 0,
    parentId: null,
    design: null,
    program: null,
    measurement: runs[0],
    judgement: null,
    yardstick,
    ...change,
  }) as ExperimentRecord;

/** The noise by which the design of a candidate with this horizon is told to estimate effects. */
function toldNoise(horizon: number, others: readonly ExperimentRecord[] = []): number | undefined {
  const knowledge = createKnowledge();
  const baseline = settled({});
  for (const one of [baseline, ...others]) knowledge.add(one);
  const place = { ordinal: horizon + 1, horizon };
  const context = candidateContext(campaign, place, knowledge, [remember(baseline).entry], 't');
  const { outbox } = openedDocument(context, 'top-k', 'director/test', clock);
  const request = outbox.find(({ envelope }) => envelope.type === catalogue.design.type);
  if (!request) throw new Error('a new candidate asks for its design');
  return (request.envelope.data as DataOf<'design'>).meritScale?.noise;
}

test('a design that may know results is told the noise to estimate effects by', () => {
  expect(toldNoise(1)).toBe(reference.noise.merit);
});

test('a candidate of the first ones is told no noise, however early the baselines were measured: it may know nothing', () => {
  expect(toldNoise(0)).toBeUndefined();
});

test('in a further campaign the first candidates are told it too, for they know the earlier campaigns', () => {
  const earlier = settled({
    _id: 'c000-0001' as ExperimentId,
    campaignNumber: 0,
    kind: 'candidate',
    ordinal: 1,
    baseline: null,
  });
  expect(toldNoise(0, [earlier])).toBe(reference.noise.merit);
});

const freshRun: ConfirmationRun = {
  id: 'c001-f-0001-101' as ExperimentId,
  order: 1,
  seed: 101,
  contestant: { id: 'delta-net', name: 'delta-net', program: { kind: 'builtin', name: 'delta-net' } },
  isOwn: false,
};

test.each<[string, () => ExperimentContext]>([
  [
    'candidate',
    () => {
      const pool = [remember(settled({})).entry];
      return candidateContext(campaign, { ordinal: 1, horizon: 0 }, createKnowledge(), pool, 't');
    },
  ],
  ['baseline', () => baselineContext(campaign, 1, 'delta-net', 0, 't')],
  ['run of a confirmation', () => confirmationContext(campaign, freshRun, 't')],
])(
  'the first work of a %s is caused by its being sampled: no chain of causes ends without a beginning',
  (_, context) => {
    const [sampled, ...caused] = openedDocument(context(), 'top-k', 'director/test', clock).outbox;
    expect(sampled?.envelope).toMatchObject({ type: catalogue.sampled.type });
    expect(sampled?.envelope.causationid).toBeUndefined();
    expect(caused.length).toBeGreaterThan(1);
    for (const { envelope } of caused) expect(envelope.causationid, envelope.type).toBe(sampled?.envelope.id);
  },
);
