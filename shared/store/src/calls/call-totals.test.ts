import { type Spending, seededRandom } from '@asi/contracts';
import { expect, test } from 'vitest';
import { type Account, accountsOf, createCallTotals } from './call-totals.ts';
import { type StoredCall, storedCallSchema } from './calls.ts';
import { dollarsOf } from './dollars-of.ts';

const prices = {
  cheap: { input: 1, cachedInput: 0.25, output: 4 },
  odd: { input: 1, cachedInput: 3, output: 4 },
} satisfies Spending['prices'];
const call = (change: Partial<StoredCall>): StoredCall =>
  storedCallSchema.parse({
    _id: 'a',
    campaignId: 'c001',
    experimentId: 'c001-0001',
    role: 'judge',
    node: 'n',
    promptVersion: 'v',
    model: 'cheap',
    promptHash: 'p',
    state: 'open',
    openings: 1,
    answerHash: null,
    usage: null,
    reserved: 30,
    dollars: null,
    seconds: 0,
    retries: 0,
    brokenOff: 0,
    error: null,
    refusal: null,
    openedAt: '2026-01-01T00:00:00.000Z',
    closedAt: null,
    atMost: { input: 10, output: 20 },
    announced: false,
    opening: null,
    ...change,
  } satisfies StoredCall);
const campaign: Account = { cap: 'campaign', campaignId: 'c001', of: 'c001' };

test('cached input has its own price where there is one, and reasoning is no third part', () => {
  const usage = { input: 1_000_000, cached: 400_000, output: 100_000 };
  expect(dollarsOf(usage, { input: 1, cachedInput: 0.25, output: 4 })).toBeCloseTo(0.6 + 0.1 + 0.4, 12);
  expect(dollarsOf(usage, { input: 1, cachedInput: null, output: 4 })).toBeCloseTo(1 + 0.4, 12);
});

test('more cached tokens than the prompt has, as some endpoints tell, are no discount on the rest', () => {
  const usage = { input: 100, cached: 400, output: 0 };
  expect(dollarsOf(usage, { input: 1, cachedInput: 0.25, output: 4 })).toBeCloseTo(25 / 1e6, 15);
});

test('an open call counts with the dearest way to use its tokens, also where the cache is dearer than the prompt', () => {
  const totals = createCallTotals();
  totals.exchange(null, call({ model: 'odd' }));
  expect(totals.standing(campaign, prices).dollars.inFlight).toBeCloseTo((10 * 3 + 20 * 4) / 1e6, 15);
});

test('a try that broke off counts with the most that its call can take, whatever became of the call', () => {
  const totals = createCallTotals();
  const usage = { input: 5, output: 5, cached: 0, reasoning: 0 };
  totals.exchange(null, call({ _id: 'a', model: 'cheap', state: 'failed', error: 'late', brokenOff: 2 }));
  totals.exchange(null, call({ _id: 'b', model: 'cheap', state: 'answered', usage, dollars: 0.5, brokenOff: 1 }));
  const { tokens, dollars } = totals.standing(campaign, prices);
  expect(tokens).toEqual({ spent: 3 * 30 + 10, inFlight: 0 });
  expect(dollars.spent).toBeCloseTo(0.5 + 3 * dollarsOf({ input: 10, cached: 0, output: 20 }, prices.cheap), 12);
});

test('a model without a price is named as long as something of it counts, and no longer', () => {
  const totals = createCallTotals();
  const open = call({ model: 'free' });
  totals.exchange(null, open);
  expect(totals.standing(campaign, prices).withoutPrice).toEqual(['free']);
  totals.exchange(open, { ...open, state: 'failed', error: 'away' });
  expect(totals.standing(campaign, prices)).toMatchObject({ withoutPrice: [], tokens: { spent: 0, inFlight: 0 } });
});

test('sums kept by exchanging are those of counting everything anew, whatever happened to the calls', () => {
  const random = seededRandom('totals');
  const kept = createCallTotals();
  const calls = new Map<string, StoredCall>();
  for (let step = 0; step < 2000; step++) {
    const _id = `call-${random.below(60)}`;
    const usage = { input: random.below(100), output: random.below(100), cached: 0, reasoning: 0 };
    const state = random.pick(['open', 'answered', 'failed'] as const);
    const next = call({
      _id,
      campaignId: random.pick(['c001', 'c002']),
      experimentId: random.pick(['x', 'y', null]),
      role: random.pick(['judge', 'analyst']),
      model: random.pick(['cheap', 'odd', 'free']),
      state,
      usage: random.below(2) === 0 ? usage : null,
      dollars: random.below(3) === 0 ? random.next() : null,
      brokenOff: random.below(3),
      atMost: { input: random.below(50), output: random.below(50) },
    });
    kept.exchange(calls.get(_id) ?? null, next);
    calls.set(_id, next);
  }
  const anew = createCallTotals();
  for (const one of calls.values()) anew.exchange(null, one);
  for (const account of [...calls.values()].flatMap(accountsOf)) {
    const [one, other] = [kept, anew].map((totals) => totals.standing(account, prices));
    expect(one?.tokens).toEqual(other?.tokens);
    expect([...(one?.withoutPrice ?? [])].sort()).toEqual([...(other?.withoutPrice ?? [])].sort());
    expect(one?.dollars.spent).toBeCloseTo(other?.dollars.spent ?? Number.NaN, 9);
    expect(one?.dollars.inFlight).toBeCloseTo(other?.dollars.inFlight ?? Number.NaN, 9);
  }
});
