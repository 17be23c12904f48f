import {
  type CallRecord,
  capNameSchema,
  isOpenCampaign,
  priceOf,
  priceSchema,
  type Spending,
  thinkingRoles,
} from '@asi/contracts';
import {
  type Account,
  accountsOf,
  type CallTotals,
  capOf,
  createCallTotals,
  paidFor,
  type StoredCall,
} from '@asi/store';
import { z } from 'zod';
import { type CallEnd, callEnds } from './call-ends.ts';
import { callRemarks } from './call-remarks.ts';
import { type CallSum, callSumSchema } from './call-sum.ts';
import { dollarsOfCall } from './dollars-of-call.ts';
import type { Material } from './material.ts';

const outcomes = [
  'completed',
  'rejected',
  'failed',
  'cancelled',
  'under-way',
  'none',
] as const satisfies readonly CallEnd['outcome'][];

export const callsSchema = z.object({
  campaignId: z.string().describe('the campaign that is shown'),
  total: callSumSchema.describe('all calls'),
  roles: z
    .array(z.object({ role: z.string().describe('who asked'), sum: callSumSchema.describe('its calls') }))
    .describe('by role'),
  questions: z
    .array(
      z.object({
        role: z.string().describe('who asked'),
        node: z
          .string()
          .describe('what for, in its graph: design, diversify (after a twin), repair, mend (after a failure) ...'),
        sum: callSumSchema.describe('its calls'),
      }),
    )
    .describe('by what was asked'),
  models: z
    .array(
      z.object({
        model: z.string().describe('as it was asked for'),
        price: priceSchema.nullable().describe('as the campaign has it now; null: it has none'),
        sum: callSumSchema.describe('its calls'),
      }),
    )
    .describe('by model'),
  outcomes: z
    .array(
      z.object({
        outcome: z
          .enum(outcomes)
          .describe(
            'completed is what was kept, rejected are twins, illegal drafts and vetoes, failed are failures and what was spent on mending them, none: for no experiment. A call for a draft that was thrown away counts as rejected, and one of the engineer as failed, whatever the experiment came to; all others as their experiment',
          ),
        reason: z
          .string()
          .nullable()
          .describe(
            'code of the reason: twin and illegal-draft of drafts that were thrown away, of a mending what was to be mended, else of the end of the experiment; null where there is none',
          ),
        experiments: z.number().int().describe('with at least one such call; one experiment may stand in several rows'),
        sum: callSumSchema.describe('these calls'),
      }),
    )
    .describe('what the spending came to, a row for each outcome and reason'),
  caps: z
    .array(
      z.object({
        cap: capNameSchema.describe('what it limits'),
        of: z.string().describe('the campaign, the role, or the experiment that has come nearest to the cap'),
        unit: z.enum(['dollars', 'tokens']).describe('in what it counts'),
        limit: z.number().describe('the cap'),
        spent: z.number().describe('counted as spent'),
        inFlight: z.number().describe('the most that open calls can take'),
      }),
    )
    .describe('the caps that are set, as the ledger counts against them'),
  remarks: z.array(z.string()).describe('what the sums do not tell, in sentences'),
});
export type Calls = z.infer<typeof callsSchema>;

type Known = Pick<Material, 'campaign' | 'candidates' | 'baselines' | 'confirmationRuns'>;

/** What language models cost a campaign, and for what. */
export function callsOf(known: Known, unordered: readonly StoredCall[]): Calls {
  const calls = unordered.toSorted(inReading);
  const { campaign } = known;
  const { spending } = campaign.settings;
  const ended = !isOpenCampaign(campaign);
  const records = [...known.candidates, ...known.baselines, ...known.confirmationRuns];
  const settled = new Set<string>(records.map(({ _id }) => _id));
  const endOf = callEnds(calls, records);
  const keyOf = (call: CallRecord): string => {
    const { outcome, reason } = endOf(call);
    return `${outcome}/${reason ?? ''}`;
  };
  const isLost = (call: CallRecord) =>
    call.state === 'open' && (ended || (call.experimentId !== null && settled.has(call.experimentId)));
  const sum = (of: readonly StoredCall[]) => sumOf(of, spending.prices, isLost);
  const byEnd = [...Map.groupBy(calls, keyOf)].sort(([a], [b]) => (a < b ? -1 : 1));
  const total = sum(calls);
  const models = [...Map.groupBy(calls, ({ model }) => model)].map(([model, of]) => ({
    model,
    price: priceOf(spending.prices, model),
    sum: sum(of),
  }));
  return {
    campaignId: campaign._id,
    total,
    roles: [...Map.groupBy(calls, ({ role }) => role)].map(([role, of]) => ({ role, sum: sum(of) })),
    questions: [...Map.groupBy(calls, ({ role, node }) => `${role}/${node}`).values()].flatMap((of) =>
      of[0] ? [{ role: of[0].role, node: of[0].node, sum: sum(of) }] : [],
    ),
    models,
    outcomes: outcomes.flatMap((outcome) =>
      byEnd
        .filter(([end]) => end.startsWith(`${outcome}/`))
        .map(([end, of]) => {
          const experiments = outcome === 'none' ? 0 : new Set(of.map(({ experimentId }) => experimentId)).size;
          return { outcome, reason: end.slice(outcome.length + 1) || null, experiments, sum: sum(of) };
        }),
    ),
    // What is open when a campaign ends is never closed, and counts against nothing any more.
    caps: capsOf(campaign._id, spending, ended ? calls.filter(({ state }) => state !== 'open') : calls),
    remarks: callRemarks({ total, models }),
  };
}

/** By role, and of each as it asked: the ledger has them in the order of their hashes. */
function inReading(a: StoredCall, b: StoredCall): number {
  const placeOf = ({ role }: StoredCall) => (thinkingRoles as readonly string[]).indexOf(role);
  return placeOf(a) - placeOf(b) || (a.openedAt < b.openedAt ? -1 : Number(a.openedAt > b.openedAt));
}

function sumOf(
  calls: readonly StoredCall[],
  prices: Spending['prices'],
  isLost: (call: CallRecord) => boolean,
): CallSum {
  const fields = Object.keys(callSumSchema.shape);
  const sum: CallSum = callSumSchema.parse({
    ...Object.fromEntries(fields.map((field) => [field, 0])),
    dollarsAtLeast: false,
  });
  for (const call of calls) {
    sum.calls++;
    if (call.state === 'answered') sum.answered++;
    else if (call.state === 'failed') sum.failed++;
    else if (isLost(call)) sum.lost++;
    else sum.underWay++;
    sum.retries += call.retries;
    sum.brokenOff += call.brokenOff;
    sum.reopenings += call.openings - 1;
    if (call.state === 'answered' && !call.usage) sum.withoutUsage++;
    const dollars = dollarsOfCall(call, prices);
    if (dollars !== null) sum.dollars += dollars;
    else if (paidFor(call)) sum.withoutDollars++;
    if (!call.usage) continue;
    sum.input += call.usage.input;
    sum.cached += call.usage.cached;
    sum.output += call.usage.output;
    sum.reasoning += call.usage.reasoning;
  }
  sum.dollarsAtLeast = sum.withoutDollars > 0 || sum.lost > 0 || sum.brokenOff > 0;
  return sum;
}

/** The caps that are set; of experiments only the one that has come nearest to its cap. */
function capsOf(campaignId: string, spending: Spending, calls: readonly StoredCall[]): Calls['caps'] {
  const totals = createCallTotals();
  const experiments = new Map<string, Account>();
  for (const call of calls) {
    totals.exchange(null, call);
    for (const account of accountsOf(call)) if (account.cap === 'experiment') experiments.set(account.of, account);
  }
  const rows = (account: Account) => rowsOf(account, spending, totals);
  const most = (unit: 'dollars' | 'tokens') =>
    [...experiments.values()]
      .flatMap(rows)
      .filter((row) => row.unit === unit)
      .sort((a, b) => b.spent + b.inFlight - a.spent - a.inFlight)
      .slice(0, 1);
  return [
    ...rows({ cap: 'campaign', campaignId, of: campaignId }),
    ...Object.keys(spending.roles).flatMap((of) => rows({ cap: 'role', campaignId, of })),
    ...most('dollars'),
    ...most('tokens'),
  ];
}

function rowsOf(account: Account, spending: Spending, totals: CallTotals): Calls['caps'] {
  const cap = capOf(account, spending);
  const standing = totals.standing(account, spending.prices);
  return (['dollars', 'tokens'] as const).flatMap((unit) => {
    const limit = cap?.[unit] ?? null;
    return limit === null ? [] : [{ cap: account.cap, of: account.of, unit, limit, ...standing[unit] }];
  });
}
