import {
  type CampaignRecord,
  campaignRecordSchema,
  campaignSettingsSchema,
  catalogue,
  type ExperimentId,
  type ExperimentRecord,
  hashText,
  heldOutSeedOf,
} from '@asi/contracts';
import { levelOf } from '@asi/statistics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candidateContext, openedDocument } from '../campaign/candidate.ts';
import { referenceFrom } from '../fitness/reference.ts';
import { createKnowledge } from '../knowledge.ts';
import { remember } from '../remembered.ts';
import { sampleDesign, sampleMeasurement } from '../testing/samples.ts';
import { chooseForConfirmation } from './choose-candidates.ts';
import { confirmationContext, runsOf } from './confirmation-runs.ts';
import { planConfirmation } from './plan-confirmation.ts';

const yardstick = 'cpu-smoke/v/e';
const level = { languageModelLoss: 2, battery: 0.6 };
const measured = (gain: number) =>
  sampleMeasurement({ languageModelLoss: level.languageModelLoss - gain, battery: level.battery + gain / 2 });

type Sketch = { readonly parent: string; readonly gain: number; readonly campaign?: number };

function recordOf(id: string, change: Partial<ExperimentRecord>): ExperimentRecord {
  return {
    _id: id as ExperimentId,
    campaignId: id.slice(0, 4) as ExperimentRecord['campaignId'],
    campaignNumber: Number(id.slice(1, 4)),
    kind: 'candidate',
    ordinal: null,
    arm: null,
    outcome: 'completed',
    reason: null,
    name: id,
    baseline: null,
    seed: 0,
    parentId: null,
    referenceIds: [],
    horizon: 0,
    program: null,
    design: null,
    measurement: null,
    judgement: null,
    analysis: null,
    fitness: null,
    yardstick,
    attempts: { design: 0, training: 1, judging: 0, analysing: 0 },
    measuredAt: null,
    sampledAt: '2026-01-01T00:00:00.000Z',
    finishedAt: '2026-01-01T00:00:00.000Z',
    ...change,
  };
}

const baselineSeeds = [0, 1, 2];
const baselines = ['delta-net', 'gated-delta-net'].flatMap((name, which) =>
  baselineSeeds.map((seed) =>
    recordOf(`c001-b0${1 + which + 2 * seed}`, {
      kind: 'baseline',
      baseline: name,
      name,
      seed,
      program: { kind: 'builtin', name },
      measurement: measured(which * 0.3 + 0.01 * (seed - 1)),
    }),
  ),
);
const candidateOf = ({ parent, gain, campaign = 1 }: Sketch, ordinal: number): ExperimentRecord =>
  recordOf(`c00${campaign}-000${ordinal}`, {
    ordinal,
    parentId: parent,
    design: sampleDesign,
    program: { kind: 'source', hash: hashText(`program ${campaign}/${ordinal}`), origin: 'grammar' },
    measurement: measured(gain),
  });

function laboratory(sketches: readonly Sketch[], change: Partial<CampaignRecord> = {}) {
  const reference = referenceFrom(
    baselines.flatMap(({ name, measurement }) => (measurement ? [{ name, measurement }] : [])),
    yardstick,
  );
  if (!reference) throw new Error('six runs make a reference');
  const knowledge = createKnowledge();
  const records = [...baselines, ...sketches.map((one, index) => candidateOf(one, index + 1))];
  const campaign = campaignRecordSchema.parse({
    _id: 'c001',
    number: 1,
    rev: 1,
    state: 'running',
    startedBy: 'x',
    note: '',
    settings: campaignSettingsSchema.parse({
      suite: 'cpu-smoke',
      baselines: [{ name: 'delta-net', seeds: baselineSeeds }],
      confirmation: { best: 2 },
    }),
    drawnEvaluationSeed: 'drawn',
    heldOutPer: 'replicate',
    confirmationRule: 'larger-spread',
    yardstick,
    baselineIds: [],
    reference,
    inFlight: 4,
    startedAt: '2026-01-01T00:00:00.000Z',
    finishedAt: null,
    ...change,
  });
  return { knowledge, records, campaign, reference };
}

describe('who is sent to confirmation', () => {
  it('does not depend on the order in which results came', () => {
    const sketches = [0.1, -0.2, 0.12, 0.02, 0.11].map((gain) => ({ parent: 'c001-b01', gain }));
    const { records, campaign, reference } = laboratory(sketches);
    const chosenFrom = (order: readonly ExperimentRecord[]) => {
      const knowledge = createKnowledge();
      for (const record of order) knowledge.add(record);
      return chooseForConfirmation(campaign, reference, knowledge, 0).chosen.map(({ entry }) => entry.experimentId);
    };
    expect(chosenFrom(records)).toEqual(['c001-0003', 'c001-0005']);
    fc.assert(
      fc.property(fc.shuffledSubarray(records, { minLength: records.length }), (order) => {
        expect(chosenFrom(order)).toEqual(['c001-0003', 'c001-0005']);
      }),
      { numRuns: 20 },
    );
  });

  it('is nobody where the test would tell nothing, and the campaign says why and what to do', () => {
    const { knowledge, records, campaign, reference } = laboratory(
      [-0.2, -0.25, -0.3, -0.22].map((gain) => ({ parent: 'c001-b01', gain })),
    );
    for (const record of records) knowledge.add(record);
    const { chosen, note } = chooseForConfirmation(campaign, reference, knowledge, 0);
    expect(chosen).toEqual([]);
    expect(note).toMatch(
      /^nothing was sent to confirmation: 8 fresh seeds would show c001-0001 .* a chance of below 1 % \(30 % are asked for\); asi confirm c001-0001 does it/,
    );
  });

  it('is not a child that is no better than its parent, however far both are above DeltaNet', () => {
    const { knowledge, records, campaign, reference } = laboratory([
      { parent: 'c001-b01', gain: 0.2 },
      { parent: 'c001-0001', gain: 0.1 },
      { parent: 'c001-b01', gain: -0.2 },
      { parent: 'c001-b01', gain: -0.1 },
    ]);
    for (const record of records) knowledge.add(record);
    const { chosen } = chooseForConfirmation(campaign, reference, knowledge, 0);
    expect(chosen.map(({ entry }) => entry.experimentId)).toEqual(['c001-0001']);
  });

  it('is nobody who is suspected to look ahead, though no other is as good', () => {
    const { knowledge, records, campaign, reference } = laboratory([
      { parent: 'c001-b01', gain: 0.2 },
      { parent: 'c001-b01', gain: 0.1 },
    ]);
    for (const record of records) {
      const { _id, measurement } = record;
      const suspect =
        _id === 'c001-0001' && measurement ? { ...measurement, suspectLeak: 'noisy-recall: x' } : measurement;
      knowledge.add({ ...record, measurement: suspect });
    }
    const { chosen } = chooseForConfirmation(campaign, reference, knowledge, 0);
    expect(chosen.map(({ entry }) => entry.experimentId)).toEqual(['c001-0002']);
  });

  it('is nobody when the campaign says so', () => {
    const { knowledge, records, campaign, reference } = laboratory([{ parent: 'c001-b01', gain: 0.2 }]);
    for (const record of records) knowledge.add(record);
    const settings = { ...campaign.settings, confirmation: { ...campaign.settings.confirmation, best: 0 } };
    expect(chooseForConfirmation({ ...campaign, settings }, reference, knowledge, 0)).toEqual({ chosen: [], note: '' });
  });
});

describe('the plan of a confirmation', () => {
  const planOf = (
    sketches: readonly Sketch[],
    which: string,
    earlier: CampaignRecord['confirmations'] = [],
    seeds = 8,
  ) => {
    const { knowledge, records, campaign } = laboratory(sketches, { confirmations: earlier });
    for (const record of records) knowledge.add(record);
    const candidate = knowledge.get(which);
    if (!candidate) throw new Error('unknown');
    return {
      knowledge,
      campaign,
      plan: planConfirmation({
        candidate,
        campaign,
        campaigns: [campaign],
        knowledge,
        seeds,
        requestedBy: 'person',
        requestId: 'm',
      }),
    };
  };
  const family: readonly Sketch[] = [
    { parent: 'c001-b01', gain: 0.1 },
    { parent: 'c001-0001', gain: 0.2 },
  ];

  it('compares with DeltaNet once, and with the parent where that is another', () => {
    expect(planOf(family, 'c001-0001').plan.against.map(({ id }) => id)).toEqual(['delta-net']);
    const { plan } = planOf(family, 'c001-0002');
    expect(plan.against.map(({ relation, id }) => [relation, id])).toEqual([
      ['baseline', 'delta-net'],
      ['parent', 'c001-0001'],
    ]);
    expect(plan.runs[0]).toBe('c001-f-0002-101');
    expect(plan.against[1]?.runs[0]).toBe('c001-f-0001-101');
  });

  it('uses seeds that chose nobody: not those of baselines and candidates, nor those of an earlier confirmation of it', () => {
    const first = planOf(family, 'c001-0001').plan;
    for (const taken of [...baselineSeeds, 0]) expect(first.seeds).not.toContain(taken);
    const second = planOf(family, 'c001-0001', [{ ...first, concludedAt: 'x' }], 16).plan;
    expect(second.seeds.filter((seed) => first.seeds.includes(seed))).toEqual([]);
    expect(second).toMatchObject({ order: 2, level: levelOf(2), looks: [6, 10, 16] });
  });

  it('is decided by the test with which its campaign was begun, so that a replay comes to the same; for a person by the newest', () => {
    const { knowledge, campaign } = planOf(family, 'c001-0001');
    const candidate = knowledge.get('c001-0001');
    if (!candidate) throw new Error('unknown');
    const { confirmationRule: _, ...before } = campaign;
    const stored = campaignRecordSchema.parse(before);
    const ruleFor = (of: CampaignRecord, requestedBy: 'plan' | 'person') =>
      planConfirmation({ candidate, campaign: of, campaigns: [], knowledge, seeds: 8, requestedBy, requestId: '' })
        .rule;
    expect(ruleFor(campaign, 'plan')).toBe('larger-spread');
    expect(ruleFor(stored, 'plan')).toBe('pooled-spread');
    expect(ruleFor(stored, 'person')).toBe('larger-spread');
  });

  it('trains everything for itself, on held-out data that its runs of one seed share and that nobody has met', () => {
    const { knowledge, campaign, plan } = planOf(family, 'c001-0001');
    const candidate = knowledge.get('c001-0002');
    if (!candidate) throw new Error('unknown');
    const later = planConfirmation({
      candidate,
      campaign,
      campaigns: [{ ...campaign, confirmations: [plan] }],
      knowledge,
      seeds: 3,
      requestedBy: 'person',
      requestId: '',
    });
    // Not those of the first: whoever asks for the second may have seen how DeltaNet fared with them.
    expect(later.seeds).toEqual([109, 110, 111]);
    expect(runsOf(later, 2, knowledge).map(({ id }) => id)).toEqual([
      'c001-f-0002-109',
      'c001-f-delta-net-109',
      'c001-f-0001-109',
      'c001-f-0002-110',
      'c001-f-delta-net-110',
      'c001-f-0001-110',
    ]);
    const heldOut = [plan, later].map((one) =>
      runsOf(one, 2, knowledge).map((run) => confirmationContext(campaign, run, 't').terms.evaluationSeed),
    );
    const of = (seed: number, order: number) => heldOutSeedOf(campaign, seed, order);
    expect(heldOut).toEqual([
      [of(101, 1), of(101, 1), of(102, 1), of(102, 1)],
      [of(109, 2), of(109, 2), of(109, 2), of(110, 2), of(110, 2), of(110, 2)],
    ]);
  });

  it('takes seeds of a confirmation in another campaign for used ones, and not those that are fresh by another yardstick', () => {
    const { knowledge, campaign, plan } = planOf(family, 'c001-0001');
    const elsewhere = {
      ...campaign,
      _id: 'c002' as const,
      yardstick: 'other',
      confirmations: [plan],
    } as CampaignRecord;
    const candidate = knowledge.get('c001-0002');
    if (!candidate) throw new Error('unknown');
    const common = { candidate, campaign, knowledge, seeds: 2, requestedBy: 'plan', requestId: '' } as const;
    expect(planConfirmation({ ...common, campaigns: [campaign, elsewhere] })).toMatchObject({
      order: 2,
      seeds: [101, 102],
    });
    // The same yardstick in another campaign: whoever saw those runs has seen these seeds.
    const alike = { ...elsewhere, yardstick: campaign.yardstick } as CampaignRecord;
    const { seeds } = planConfirmation({ ...common, campaigns: [campaign, alike] });
    expect(seeds.filter((seed) => plan.seeds.includes(seed))).toEqual([]);
  });

  it('holds the program to the budget of its campaign, which could tell by its seed that it is being confirmed', () => {
    const { knowledge, campaign, plan } = planOf(family, 'c001-0002');
    const [own, ...rivals] = runsOf(plan, 1, knowledge).map((run) => {
      const { outbox } = openedDocument(confirmationContext(campaign, run, 't'), 'p', 'test', {
        now: () => new Date(0),
      });
      const command = outbox.find(({ name }) => name === catalogue.train.name);
      return catalogue.train.data.parse(command?.envelope.data).parameterRatio;
    });
    const { parameterRatio } = campaign.settings.limits;
    expect([own, ...rivals]).toEqual([parameterRatio, null, null]);
    const pool = baselines.map((one) => remember(one).entry);
    const sampled = candidateContext(campaign, { ordinal: 1, horizon: 0 }, createKnowledge(), pool, 't');
    expect(sampled.parameterRatio).toBe(parameterRatio);
  });

  it('makes no parents and no baselines of its runs', () => {
    const { knowledge } = planOf(family, 'c001-0001');
    const done = recordOf('c001-f-delta-net-101', {
      kind: 'confirmation',
      baseline: 'delta-net',
      name: 'delta-net',
      seed: 101,
      measurement: measured(0),
    });
    knowledge.add(done);
    expect(knowledge.baselineRun('delta-net', 101, yardstick)).toBeNull();
    const at = { campaignNumber: 9, yardstick, horizon: 9, arm: null };
    expect(knowledge.entryAt(done._id, at, null, 'merit')).toBeNull();
  });
});
