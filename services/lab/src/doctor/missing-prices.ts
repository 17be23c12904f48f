import { priceOf, type Spending, type ThinkingRole } from '@asi/contracts';
import type { Finding } from './finding.ts';

/** A model that a role asks, as the endpoint calls it; null: nobody has named it yet. */
export type AskedModel = { readonly role: ThinkingRole; readonly model: string | null };

export type MissingPrices = { readonly caps: readonly string[]; readonly models: readonly string[] };

/**
 * Models without a price whose role stands under a cap in dollars, and those caps. Such a cap cannot be kept, so the archive refuses
 * the first question of the role, and the campaign is paused. Null: there are none.
 */
export function missingPrices(spending: Spending, asked: readonly AskedModel[]): MissingPrices | null {
  const without = asked.flatMap(({ role, model }) =>
    model === null || priceOf(spending.prices, model) ? [] : capsOf(spending, role).map((cap) => ({ cap, model })),
  );
  if (without.length === 0) return null;
  return {
    caps: [...new Set(without.map(({ cap }) => cap))],
    models: [...new Set(without.map(({ model }) => model))],
  };
}

/** What a doctor says of them. */
export const findingOf = ({ caps, models }: MissingPrices): Finding => ({
  what: 'llm prices',
  verdict: 'missing',
  found: `${caps.join(', ')} cannot be kept, so that asi run starts nothing: spending.prices has no price for ${models.join(', ')}`,
  advice: `set ${models.map((model) => `spending.prices.${model}`).join(', ')} in the campaign file, or a cap in tokens instead`,
});

/** The caps in dollars that the calls of a role count against. */
function capsOf({ campaign, experiment, roles }: Spending, role: ThinkingRole): string[] {
  const caps = { campaign, experiment, [`roles.${role}`]: roles[role] };
  return Object.entries(caps).flatMap(([name, cap]) => (cap?.dollars == null ? [] : [`spending.${name}.dollars`]));
}
