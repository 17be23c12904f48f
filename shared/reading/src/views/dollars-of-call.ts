import { type CallRecord, priceOf, type Spending } from '@asi/contracts';
import { dollarsOf } from '@asi/store';

type Paid = Pick<CallRecord, 'dollars' | 'usage' | 'model' | 'state'>;

/**
 * What is known to be paid for a call, in sums and lists alike: as it was told when it ended, else at the prices of now; nothing
 * for what was given up without an answer. Null: not known, or not ended. Tries that broke off may have cost more.
 */
export function dollarsOfCall({ dollars, usage, model, state }: Paid, prices: Spending['prices']): number | null {
  if (dollars !== null) return dollars;
  if (!usage) return state === 'failed' ? 0 : null;
  const price = priceOf(prices, model);
  return price && dollarsOf(usage, price);
}
