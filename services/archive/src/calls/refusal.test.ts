import { spendingSchema } from '@asi/contracts';
import { createCallTotals, storedCallSchema } from '@asi/store';
import { expect, test } from 'vitest';
import { question } from '../testing/sample-calls.ts';
import { refusalOf } from './refusal.ts';

const prices = { m: { input: 1, output: 2 } };
const asking = (model: string) => {
  const { call, atMost } = question(1, 'a', { model });
  return { ...call, campaignId: 'c001', role: 'researcher', atMost } as Parameters<typeof refusalOf>[0];
};

test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
  'a model named as a property of every object (%s) has no price: it would pass every cap in dollars',
  (model) => {
    const spending = spendingSchema.parse({ campaign: { dollars: 1 }, prices });
    expect(refusalOf(asking('m'), spending, createCallTotals())).toBeNull();
    expect(refusalOf(asking(model), spending, createCallTotals())).toMatchObject({ missingPrice: model });
    const totals = createCallTotals();
    const answered = { promptHash: 'p', state: 'answered', openings: 1, answerHash: 'a', reserved: 0, dollars: null };
    const told = { usage: { input: 5, output: 5, cached: 0, reasoning: 0 }, error: null, closedAt: '', openedAt: '' };
    const rest = { seconds: 0, retries: 0, brokenOff: 0, announced: true, opening: null };
    totals.exchange(null, storedCallSchema.parse({ ...asking(model), ...answered, ...told, ...rest }));
    expect(refusalOf(asking('m'), spending, totals)).toMatchObject({ missingPrice: model });
  },
);
