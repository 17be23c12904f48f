import { spendingSchema } from '@asi/contracts';
import { describe, expect, it } from 'vitest';
import { materialOf, openSampleCall, sampleCall, sampleCampaign } from '../testing/index.ts';
import { callsOf, callsSchema } from './calls.ts';

const sample = (spending: unknown = {}, state: 'running' | 'finished' = 'running') => {
  const made = sampleCampaign({ candidates: 12, state });
  made.campaign.settings.spending = spendingSchema.parse(spending);
  return materialOf(made);
};
const ended = (outcome: string): string => {
  const found = sample().candidates.find((one) => one.outcome === outcome);
  if (!found) throw new Error(`no sample candidate is ${outcome}`);
  return found._id;
};
const [kept, twin, underWay] = [ended('completed'), ended('rejected'), 'c001-9999'];

describe('what language models cost', () => {
  it('is told by role, model and outcome, and the parts add up to the whole', () => {
    const calls = [
      sampleCall(kept, 'design'),
      sampleCall(kept, 'judgement', { role: 'judge', model: 'other', dollars: 0.1, retries: 2 }),
      sampleCall(twin, 'design', { openings: 3 }),
      sampleCall(underWay, 'design', { state: 'failed', usage: null, dollars: null, error: 'away' }),
      sampleCall(null, 'doctor'),
    ];
    const view = callsSchema.parse(callsOf(sample(), calls));
    expect(view.roles.map(({ role, sum }) => [role, sum.calls])).toEqual([
      ['researcher', 4],
      ['judge', 1],
    ]);
    expect(
      view.outcomes.map(({ outcome, reason, experiments, sum }) => [outcome, reason, experiments, sum.calls]),
    ).toEqual([
      ['completed', null, 1, 2],
      ['rejected', 'twin', 1, 1],
      ['under-way', null, 1, 1],
      ['none', null, 0, 1],
    ]);
    expect(view.questions.map(({ role, node, sum }) => [role, node, sum.calls])).toEqual([
      ['researcher', 'design', 4],
      ['judge', 'design', 1],
    ]);
    expect(view.total).toMatchObject({
      calls: 5,
      answered: 4,
      failed: 1,
      input: 4000,
      cached: 1600,
      retries: 2,
      reopenings: 2,
    });
    for (const parts of [view.roles, view.questions, view.models, view.outcomes]) {
      for (const field of ['calls', 'dollars', 'output', 'reopenings'] as const)
        expect(parts.reduce((sum, one) => sum + one.sum[field], 0)).toBeCloseTo(view.total[field], 10);
    }
  });

  it('says which calls cannot be told in dollars, and tells them as soon as their model has a price', () => {
    const unknown = [sampleCall(kept, 'a', { dollars: null }), sampleCall(kept, 'b', { usage: null, dollars: null })];
    expect(callsOf(sample(), unknown).total).toMatchObject({ dollars: 0, withoutDollars: 2, withoutUsage: 1 });
    const prices = { 'sample-model': { input: 2, cachedInput: 1, output: 5 } };
    const { total, models } = callsOf(sample({ prices }), unknown);
    expect(total).toMatchObject({ withoutDollars: 1, withoutUsage: 1 });
    expect(total.dollars).toBeCloseTo((600 * 2 + 400 * 1 + 200 * 5) / 1e6, 12);
    expect(models[0]?.price).toMatchObject({ cachedInput: 1 });
    const [unpriced = '', uncounted = ''] = callsOf(sample(), unknown).remarks;
    expect(unpriced).toContain('What 2 calls of sample-model cost in dollars is not known');
    expect(uncounted).toContain('1 answer came without a usable count of tokens');
    expect(callsOf(sample({ prices }), unknown).remarks).toEqual([uncounted]);
    const oddlyNamed = callsOf(sample({ prices }), [sampleCall(kept, 'a', { dollars: null, model: 'constructor' })]);
    expect(oddlyNamed).toMatchObject({ models: [{ price: null }], total: { dollars: 0, withoutDollars: 1 } });
  });

  it('does not let dollars look whole that lack a call without a price, a lost one, or a try that was broken off', () => {
    const call = (change: object) => [sampleCall(kept, 'a'), sampleCall(kept, 'b', change)];
    const atLeast = (change: object) => callsOf(sample(), call(change)).total.dollarsAtLeast;
    expect(atLeast({})).toBe(false);
    // A request that was refused costs nothing.
    expect(atLeast({ state: 'failed', usage: null, dollars: null })).toBe(false);
    for (const lacking of [{ dollars: null }, { brokenOff: 1 }, { state: 'open', usage: null, dollars: null }])
      expect(atLeast(lacking), JSON.stringify(lacking)).toBe(true);
  });

  it('is told in the order of roles and of asking, and not of hashes: two looks at one campaign would differ', () => {
    const at = (minute: number) => ({ openedAt: `2026-01-15T09:0${minute}:00.000Z` });
    const calls = [
      sampleCall(kept, 'a', { role: 'judge', node: 'score', ...at(1) }),
      sampleCall(kept, 'b', { role: 'analyst', node: 'analyse', ...at(4) }),
      sampleCall(kept, 'c', { node: 'judge-novelty', ...at(3) }),
      sampleCall(kept, 'd', { node: 'design', ...at(2) }),
    ];
    for (const some of [calls, calls.toReversed()]) {
      const { roles, questions } = callsOf(sample(), some);
      expect(roles.map(({ role }) => role)).toEqual(['researcher', 'analyst', 'judge']);
      expect(questions.map(({ node }) => node)).toEqual(['design', 'judge-novelty', 'analyse', 'score']);
    }
  });

  it('tells a call under way from one that was lost with its process', () => {
    const calls = [openSampleCall(underWay, 'a'), openSampleCall(kept, 'b')];
    expect(callsOf(sample(), calls).total).toMatchObject({ underWay: 1, lost: 1 });
    expect(callsOf(sample({}, 'finished'), calls).total).toMatchObject({ underWay: 0, lost: 2 });
    expect(callsOf(sample(), calls).remarks).toEqual([expect.stringMatching(/^lost: begun, and never ended/)]);
    expect(callsOf(sample(), [sampleCall(kept, 'c', { openings: 2, brokenOff: 1 })]).remarks).toEqual([
      expect.stringMatching(/^again: begun again/),
      expect.stringMatching(/^1 try had been sent, or may have been, and its answer never came whole/),
    ]);
    // As with an endpoint that refuses connections: what was never sent is on no bill.
    expect(callsOf(sample(), [sampleCall(kept, 'c', { openings: 27 })]).remarks).toEqual([
      expect.stringMatching(/only what had been sent and never came whole is perhaps paid again/),
    ]);
    expect(callsOf(sample(), [sampleCall(kept, 'c')]).remarks).toEqual([]);
  });

  it('shows each cap that is set with what counts against it, of the experiments the nearest one', () => {
    const spending = {
      campaign: { dollars: 1, tokens: 50_000 },
      experiment: { tokens: 9000 },
      roles: { judge: { tokens: 100 } },
      prices: { 'sample-model': { input: 1, output: 2 } },
    };
    const calls = [sampleCall(kept, 'a'), openSampleCall(underWay, 'b'), sampleCall(twin, 'c')];
    expect(callsOf(sample(spending), calls).caps).toEqual([
      { cap: 'campaign', of: 'c001', unit: 'dollars', limit: 1, spent: 0.004, inFlight: 0.005 },
      { cap: 'campaign', of: 'c001', unit: 'tokens', limit: 50_000, spent: 2400, inFlight: 3000 },
      { cap: 'role', of: 'judge', unit: 'tokens', limit: 100, spent: 0, inFlight: 0 },
      { cap: 'experiment', of: underWay, unit: 'tokens', limit: 9000, spent: 0, inFlight: 3000 },
    ]);
    expect(callsOf(sample(spending, 'finished'), calls).caps[1]?.inFlight).toBe(0);
  });
});
