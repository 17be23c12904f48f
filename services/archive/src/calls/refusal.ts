import { type DataOf, priceOf, type ReachedCap, type Spending } from '@asi/contracts';
import { type Account, accountsOf, type CallTotals, capOf, mostDollars, type StoredCall } from '@asi/store';

export type Refusal = Pick<DataOf<'spendingCapped'>, keyof ReachedCap | 'spent' | 'inFlight' | 'why'> & {
  readonly account: Account;
  /** Only what is in flight stands in the way, and it takes less than it reserves, as a rule. */
  readonly passes: boolean;
};

type Asked = Pick<StoredCall, 'campaignId' | 'experimentId' | 'role' | 'model' | 'atMost'>;

/** Why this call may not be made now: the first cap that it could pass, or that cannot be kept for want of a price. Null: it may. */
export function refusalOf(call: Asked, spending: Spending, totals: CallTotals): Refusal | null {
  for (const account of accountsOf(call)) {
    const cap = capOf(account, spending);
    if (!cap) continue;
    const { tokens, dollars, withoutPrice } = totals.standing(account, spending.prices);
    if (cap.tokens !== null) {
      const most = call.atMost.input + call.atMost.output;
      if (tokens.spent + tokens.inFlight + most > cap.tokens)
        return reached(account, 'tokens', cap.tokens, { ...tokens, most, call });
    }
    if (cap.dollars !== null) {
      const price = priceOf(spending.prices, call.model);
      const missingPrice = price ? withoutPrice[0] : call.model;
      if (!price || missingPrice !== undefined)
        return unpriced(account, cap.dollars, { ...dollars, missingPrice: missingPrice ?? call.model });
      const most = mostDollars(call.atMost, price);
      if (dollars.spent + dollars.inFlight + most > cap.dollars)
        return reached(account, 'dollars', cap.dollars, { ...dollars, most, call });
    }
  }
  return null;
}

const nameOf = ({ cap, campaignId, of }: Account): string =>
  cap === 'campaign' ? `campaign ${of}` : cap === 'experiment' ? `experiment ${of}` : `the ${of} in ${campaignId}`;

const amount = (value: number, unit: ReachedCap['unit']): string =>
  unit === 'dollars' ? `$${Number(value.toPrecision(6))}` : `${value} tokens`;

type Sums = { readonly spent: number; readonly inFlight: number };

function reached(
  account: Account,
  unit: ReachedCap['unit'],
  limit: number,
  { spent, inFlight, most, call }: Sums & { readonly most: number; readonly call: Asked },
): Refusal {
  const [spentWords, openWords, mostWords] = [spent, inFlight, most].map((value) => amount(value, unit));
  const why = `the cap of ${nameOf(account)} on language models is ${amount(limit, unit)}: ${spentWords} are spent and at most ${openWords} in flight, and the next call (${call.role}, ${call.model}) could take ${mostWords} more`;
  const passes = spent + most <= limit;
  return { account, cap: account.cap, unit, limit, missingPrice: null, spent, inFlight, why, passes };
}

function unpriced(
  account: Account,
  limit: number,
  { spent, inFlight, missingPrice }: Sums & { readonly missingPrice: string },
): Refusal {
  const why = `the cap of ${nameOf(account)} on language models is ${amount(limit, 'dollars')}, which cannot be kept: spending.prices has no price for the model ${missingPrice}`;
  return { account, cap: account.cap, unit: 'dollars', limit, missingPrice, spent, inFlight, why, passes: false };
}
