import type { Price, Spending } from './language-model.ts';

/**
 * What a model costs by this table; null: the table does not name it. A model may have any name, also one that every
 * object answers to (`constructor`): its calls would count as priced, at no dollars that any cap could hold.
 */
export const priceOf = (prices: Spending['prices'], model: string): Price | null =>
  Object.hasOwn(prices, model) ? (prices[model] ?? null) : null;
