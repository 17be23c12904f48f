import {
  type Cap,
  type CapName,
  type Price,
  priceOf,
  type Spending,
  type ThinkingRole,
  type Usage,
} from '@asi/contracts';
import type { StoredCall } from './calls.ts';
import { dollarsOf } from './dollars-of.ts';

/** What a cap is kept of: a campaign, one experiment, one role in a campaign. */
export type Account = { readonly cap: CapName; readonly campaignId: string; readonly of: string };

export type Standing = {
  readonly tokens: { readonly spent: number; readonly inFlight: number };
  /** Without the calls of models that have no price. */
  readonly dollars: { readonly spent: number; readonly inFlight: number };
  /** Models with calls that cannot be told in dollars. */
  readonly withoutPrice: readonly string[];
};

/**
 * Sums over calls, in memory; what one more call costs here does not depend on how many there are.
 *
 * C1: what was paid counts with its tokens, in whatever state the call is now; an answer whose endpoint told no usage
 *     counts with all that it could take, and so does each try that broke off.
 * C2: an open call counts with all that it can take, at the prices of the moment of asking.
 * C3: dollars that were told when a call ended stay; what had no price then is told at the prices of the moment of asking.
 */
export type CallTotals = {
  /** Counts a call no longer as the one, but as the other; null: not at all. */
  exchange(before: StoredCall | null, after: StoredCall | null): void;
  standing(account: Account, prices: Spending['prices']): Standing;
};

type Tokens = Omit<Usage, 'reasoning'>;
type Sum = {
  spentTokens: number;
  spentDollars: number;
  readonly unpriced: Map<string, Tokens>;
  readonly open: Map<string, Tokens>;
};

const keyOf = ({ cap, campaignId, of }: Account): string => `${cap}/${campaignId}/${of}`;

/** The accounts that a call counts in. */
export const accountsOf = ({
  campaignId,
  experimentId,
  role,
}: Pick<StoredCall, 'campaignId' | 'experimentId' | 'role'>): readonly Account[] => [
  { cap: 'campaign', campaignId, of: campaignId },
  ...(experimentId === null ? [] : [{ cap: 'experiment' as const, campaignId, of: experimentId }]),
  { cap: 'role', campaignId, of: role },
];

/** What the campaign allows an account; null where it says nothing. */
export function capOf({ cap, of }: Account, spending: Spending): Cap | null {
  if (cap === 'role') return spending.roles[of as ThinkingRole] ?? null;
  return spending[cap];
}

/** All that a call can take, as if it were used. */
export const mostOf = ({ atMost }: Pick<StoredCall, 'atMost'>): Tokens => ({ ...atMost, cached: 0 });

/** What was paid for a call, or counts as paid; null when nothing was. */
export const paidFor = (call: StoredCall): Tokens | null =>
  call.usage ?? (call.state === 'answered' ? mostOf(call) : null);

/** Dollars of the dearest way to use so many tokens. */
export const mostDollars = ({ input, output }: StoredCall['atMost'], price: Price): number =>
  Math.max(dollarsOf({ input, cached: 0, output }, price), dollarsOf({ input, cached: input, output }, price));

export function createCallTotals(): CallTotals {
  const sums = new Map<string, Sum>();

  const sumOf = (account: Account): Sum => {
    const key = keyOf(account);
    const sum = sums.get(key) ?? { spentTokens: 0, spentDollars: 0, unpriced: new Map(), open: new Map() };
    sums.set(key, sum);
    return sum;
  };

  const count = (call: StoredCall, sign: 1 | -1): void => {
    const paid = paidFor(call);
    for (const account of accountsOf(call)) {
      const sum = sumOf(account);
      if (call.brokenOff > 0) {
        const { input, output } = mostOf(call);
        const perhaps = { input: call.brokenOff * input, output: call.brokenOff * output, cached: 0 };
        sum.spentTokens += sign * (perhaps.input + perhaps.output);
        add(sum.unpriced, call.model, perhaps, sign);
      }
      if (paid) {
        sum.spentTokens += sign * (paid.input + paid.output);
        if (call.dollars !== null) sum.spentDollars += sign * call.dollars;
        else add(sum.unpriced, call.model, paid, sign);
      }
      if (call.state === 'open') add(sum.open, call.model, mostOf(call), sign);
    }
  };

  return {
    exchange: (before, after) => {
      if (before) count(before, -1);
      if (after) count(after, 1);
    },
    standing: (account, prices) => {
      const sum = sumOf(account);
      const withoutPrice = [...new Set([...sum.unpriced.keys(), ...sum.open.keys()])].filter(
        (model) => priceOf(prices, model) === null,
      );
      const inFlight = [...sum.open.values()].reduce((total, one) => total + one.input + one.output, 0);
      return {
        tokens: { spent: sum.spentTokens, inFlight },
        dollars: {
          spent: sum.spentDollars + dollarsOfAll(sum.unpriced, prices, dollarsOf),
          inFlight: dollarsOfAll(sum.open, prices, mostDollars),
        },
        withoutPrice,
      };
    },
  };
}

function add(models: Map<string, Tokens>, model: string, tokens: Tokens, sign: 1 | -1): void {
  const { input, cached, output } = models.get(model) ?? { input: 0, cached: 0, output: 0 };
  const next = {
    input: input + sign * tokens.input,
    cached: cached + sign * tokens.cached,
    output: output + sign * tokens.output,
  };
  // A model that nothing is open of any more must not ask for a price.
  if (next.input + next.output === 0) models.delete(model);
  else models.set(model, next);
}

const dollarsOfAll = (
  models: ReadonlyMap<string, Tokens>,
  prices: Spending['prices'],
  of: (tokens: Tokens, price: Price) => number,
): number =>
  [...models].reduce((total, [model, tokens]) => {
    const price = priceOf(prices, model);
    return price ? total + of(tokens, price) : total;
  }, 0);
