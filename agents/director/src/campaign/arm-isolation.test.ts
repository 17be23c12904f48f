import {
  type ArmName,
  type CampaignRecord,
  campaignRecordSchema,
  campaignSettingsSchema,
  type ExperimentRecord,
  policyNames,
} from '@asi/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { referenceFrom } from '../fitness/reference.ts';
import { createKnowledge } from '../knowledge.ts';
import { remember } from '../remembered.ts';
import { sampleDesign, sampleMeasurement } from '../testing/samples.ts';
import { armAt } from './arm-at.ts';
import { materialFor } from './assessment-material.ts';
import { candidateContext } from './candidate.ts';

const yardstick = 'y';
const inFlight = 3;
const candidates = 24;
const reference = referenceFrom(
  [2, 2.1].map((languageModelLoss) => ({ name: 'delta-net', measurement: sampleMeasurement({ languageModelLoss }) })),
  yardstick,
);
if (!reference) throw new Error('two runs make a reference');

const campaignWith = (policy: (typeof policyNames)[number]): CampaignRecord =>
  campaignRecordSchema.parse({
    _id: 'c002',
    number: 2,
    rev: 0,
    state: 'running',
    startedBy: 'test',
    note: '',
    settings: campaignSettingsSchema.parse({
      policy,
      policyOptions: { coldStart: 4, refreshEvery: 2 },
      arms: [{ name: 'thinking', minds: { researcher: 'llm' } }, { name: 'control' }],
    }),
    drawnEvaluationSeed: 'drawn',
    yardstick,
    baselineIds: [],
    reference,
    inFlight,
    startedAt: 't',
    finishedAt: null,
  });

const blank = {
  campaignId: 'c002',
  campaignNumber: 2,
  kind: 'candidate',
  ordinal: null,
  arm: null,
  outcome: 'completed',
  reason: null,
  name: 'n',
  baseline: null,
  seed: 0,
  parentId: null,
  referenceIds: [],
  horizon: 0,
  program: null,
  design: sampleDesign,
  measurement: null,
  judgement: null,
  analysis: null,
  fitness: null,
  yardstick,
  attempts: { design: 1, training: 1, judging: 1, analysing: 1 },
  measuredAt: null,
  sampledAt: 't',
  finishedAt: 't',
} as const;
const recordOf = (change: Partial<ExperimentRecord>): ExperimentRecord => ({ ...blank, ...change }) as ExperimentRecord;

const baselines = ['delta-net', 'gated-delta-net'].map((baseline, index) => {
  const _id = `c002-b0${index + 1}` as ExperimentRecord['_id'];
  return recordOf({ _id, kind: 'baseline', baseline, design: null, measurement: sampleMeasurement() });
});

/** What each candidate was shown, in a campaign in which candidate i is measured with this loss, or fails where it is null. */
function shownIn(campaign: CampaignRecord, lossOf: (ordinal: number, arm: ArmName | null) => number | null) {
  const knowledge = createKnowledge();
  for (const baseline of baselines) knowledge.add(baseline);
  const unmeasured = baselines.map((one) => remember(one).entry);
  const shown = [];
  for (let ordinal = 1; ordinal <= candidates; ordinal++) {
    const place = { ordinal, horizon: Math.max(0, ordinal - inFlight) };
    const context = candidateContext(campaign, place, knowledge, unmeasured, 't');
    const arm = armAt(campaign, ordinal);
    const loss = lossOf(ordinal, arm);
    const measurement = loss === null ? null : sampleMeasurement({ languageModelLoss: loss });
    const material = reference && materialFor({ ...context, measurement: sampleMeasurement() }, reference, knowledge);
    shown.push({ arm, parent: context.parent, references: context.references, ...material });
    knowledge.add(
      recordOf({
        _id: context.experimentId,
        ordinal,
        arm,
        outcome: loss === null ? 'failed' : 'completed',
        parentId: context.parent?.experimentId ?? null,
        measurement,
      }),
    );
  }
  return shown;
}

const luck = fc.array(fc.option(fc.double({ min: 1, max: 3, noNaN: true }), { freq: 4 }), {
  minLength: candidates,
  maxLength: candidates,
});
const policies = fc.constantFrom(...policyNames);

test('no parent, reference, sibling or grandparent comes from another arm, whatever the policy', () => {
  fc.assert(
    fc.property(luck, policies, (losses, policy) => {
      const campaign = campaignWith(policy);
      const armOf = (id: string) => (id.includes('-b') ? null : armAt(campaign, Number(id.slice(-4))));
      for (const { arm, parent, references, siblings, grandparent } of shownIn(
        campaign,
        (ordinal) => losses[ordinal - 1] ?? null,
      )) {
        const all = [parent, grandparent, ...references, ...(siblings ?? [])].filter((one) => one != null);
        for (const { experimentId } of all) expect([null, arm]).toContain(armOf(experimentId));
      }
    }),
    { numRuns: 60 },
  );
});

test('the results of one arm change nothing of what the other is shown', () => {
  fc.assert(
    fc.property(luck, luck, policies, (losses, others, policy) => {
      const campaign = campaignWith(policy);
      const seenByControl = (ofThinking: typeof losses) =>
        shownIn(campaign, (ordinal, arm) => (arm === 'thinking' ? ofThinking : losses)[ordinal - 1] ?? null).filter(
          ({ arm }) => arm === 'control',
        );
      expect(seenByControl(others)).toEqual(seenByControl(losses));
    }),
    { numRuns: 60 },
  );
});

test('the arms search: later candidates descend from earlier ones of their arm', () => {
  const shown = shownIn(campaignWith('top-k'), (ordinal) => 2 - ordinal / 50);
  for (const name of ['thinking', 'control'])
    expect(shown.some(({ arm, parent }) => arm === name && !parent?.experimentId.includes('-b'))).toBe(true);
});
