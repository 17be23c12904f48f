import type { ExperimentRecord } from '@asi/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { referenceFrom } from './fitness/reference.ts';
import { createKnowledge } from './knowledge.ts';
import { sampleDesign, sampleMeasurement } from './testing/samples.ts';

const record = (change: Partial<ExperimentRecord>): ExperimentRecord => ({
  _id: 'c002-0001' as ExperimentRecord['_id'],
  campaignId: 'c002' as ExperimentRecord['campaignId'],
  campaignNumber: 2,
  kind: 'candidate',
  ordinal: 1,
  arm: null,
  outcome: 'completed',
  reason: null,
  name: 'n',
  baseline: null,
  seed: 0,
  parentId: 'c001-b01',
  referenceIds: [],
  horizon: 0,
  program: null,
  design: sampleDesign,
  measurement: sampleMeasurement(),
  judgement: null,
  analysis: null,
  fitness: null,
  yardstick: 'y',
  attempts: { design: 1, training: 1, judging: 1, analysing: 1 },
  measuredAt: null,
  sampledAt: 't',
  finishedAt: 't',
  ...change,
});
const candidate = (ordinal: number, change: Partial<ExperimentRecord> = {}) =>
  record({ _id: `c002-${String(ordinal).padStart(4, '0')}` as ExperimentRecord['_id'], ordinal, ...change });
const baseline = (id: string, name: string, change: Partial<ExperimentRecord> = {}) =>
  record({
    _id: id as ExperimentRecord['_id'],
    kind: 'baseline',
    baseline: name,
    ordinal: null,
    campaignNumber: 1,
    parentId: null,
    design: null,
    ...change,
  });

const at = (horizon: number) => ({ campaignNumber: 2, yardstick: 'y', horizon, arm: null });
const reference = referenceFrom(
  [2, 2.1].map((languageModelLoss) => ({ name: 'delta-net', measurement: sampleMeasurement({ languageModelLoss }) })),
  'y',
);

describe('what a candidate may know', () => {
  it('ends at its horizon, however many results have arrived since', () => {
    const knowledge = createKnowledge();
    for (const ordinal of [3, 1, 2, 5]) knowledge.add(candidate(ordinal));
    expect(knowledge.pool(at(2), reference, 'composite').map((one) => one.experimentId)).toEqual([
      'c002-0001',
      'c002-0002',
    ]);
    expect(knowledge.entryAt('c002-0003', at(2), reference, 'composite')).toBeNull();
    expect(knowledge.siblingsOf('c001-b01', at(2), reference, 'composite', 9)).toHaveLength(2);
  });

  it('does not depend on the order in which results arrived', () => {
    const records = [candidate(1), candidate(2), baseline('c001-b01', 'delta-net'), baseline('c001-b02', 'mamba2')];
    const [one, other] = [records, [...records].reverse()].map((list) => {
      const knowledge = createKnowledge();
      for (const each of list) knowledge.add(each);
      return knowledge.pool(at(2), reference, 'composite');
    });
    expect(one).toEqual(other);
  });

  it('is the same when it grew with the campaign as when it is asked for the first time', () => {
    const arrival = fc.record({
      ordinal: fc.integer({ min: 1, max: 12 }),
      kind: fc.constantFrom('candidate' as const, 'earlier' as const, 'baseline' as const),
      outcome: fc.constantFrom('completed' as const, 'failed' as const),
      horizon: fc.integer({ min: 0, max: 12 }),
      loss: fc.double({ min: 1, max: 3, noNaN: true }),
    });
    const recordOf = ({
      ordinal,
      kind,
      outcome,
      loss,
    }: typeof arrival extends fc.Arbitrary<infer T> ? T : never): ExperimentRecord => {
      const measurement = sampleMeasurement({ languageModelLoss: loss });
      const number = String(ordinal).padStart(4, '0');
      if (kind === 'candidate') return candidate(ordinal, { outcome, measurement });
      if (kind === 'earlier')
        return candidate(ordinal, {
          _id: `c001-${number}` as ExperimentRecord['_id'],
          campaignNumber: 1,
          outcome,
          measurement,
        });
      return baseline(`c001-b${number.slice(2)}`, 'delta-net', { outcome, measurement });
    };
    fc.assert(
      fc.property(fc.array(arrival, { maxLength: 25 }), (arrivals) => {
        const grown = createKnowledge();
        const known: ExperimentRecord[] = [];
        for (const one of arrivals) {
          grown.add(recordOf(one));
          known.push(recordOf(one));
          const fresh = createKnowledge();
          for (const each of known) fresh.add(each);
          expect(grown.pool(at(one.horizon), reference, 'merit')).toEqual(
            fresh.pool(at(one.horizon), reference, 'merit'),
          );
        }
      }),
    );
  });

  it('holds all of earlier campaigns with the same yardstick, and nothing measured otherwise', () => {
    const knowledge = createKnowledge();
    knowledge.add(candidate(9, { _id: 'c001-0009' as ExperimentRecord['_id'], campaignNumber: 1 }));
    knowledge.add(
      candidate(8, { _id: 'c001-0008' as ExperimentRecord['_id'], campaignNumber: 1, yardstick: 'another' }),
    );
    expect(knowledge.pool(at(0), reference, 'composite').map((one) => one.experimentId)).toEqual(['c001-0009']);
  });

  it('leaves out a suspect of a leak: what it has learnt to peek at would be inherited', () => {
    const knowledge = createKnowledge();
    knowledge.add(candidate(1, { measurement: { ...sampleMeasurement(), suspectLeak: 'logits follow the future' } }));
    knowledge.add(candidate(2));
    expect(knowledge.pool(at(5), reference, 'composite').map((one) => one.experimentId)).toEqual(['c002-0002']);
  });

  it('leaves out quadratic references and what failed, so that no design descends from them', () => {
    const knowledge = createKnowledge();
    knowledge.add(baseline('c001-b01', 'softmax-attention'));
    knowledge.add(candidate(1, { outcome: 'failed' }));
    expect(knowledge.pool(at(5), reference, 'composite')).toEqual([]);
  });

  it('counts a baseline once, with the mean of its runs', () => {
    const knowledge = createKnowledge();
    knowledge.add(baseline('c001-b01', 'mamba2', { measurement: sampleMeasurement({ languageModelLoss: 1.9 }) }));
    knowledge.add(
      baseline('c001-b06', 'mamba2', { seed: 1, measurement: sampleMeasurement({ languageModelLoss: 2.1 }) }),
    );
    const pool = knowledge.pool(at(0), reference, 'merit');
    expect(pool).toHaveLength(1);
    const single = (loss: number) => {
      const other = createKnowledge();
      other.add(baseline('c001-b01', 'mamba2', { measurement: sampleMeasurement({ languageModelLoss: loss }) }));
      return other.pool(at(0), reference, 'merit')[0]?.score ?? 0;
    };
    expect(pool[0]?.score).toBeCloseTo((single(1.9) + single(2.1)) / 2);
  });

  it('finds a baseline run to use again only when model, seed and yardstick are the same', () => {
    const knowledge = createKnowledge();
    knowledge.add(baseline('c001-b01', 'mamba2', { seed: 1 }));
    expect(knowledge.baselineRun('mamba2', 1, 'y')).toBe('c001-b01');
    expect(knowledge.baselineRun('mamba2', 0, 'y')).toBeNull();
    expect(knowledge.baselineRun('mamba2', 1, 'z')).toBeNull();
  });
});
