import type { Bus } from '@asi/bus';
import type { ComponentEffect, DataOf, Insight } from '@asi/contracts';

/**
 * The effects of components on merit, estimated by the analyst from every result within the horizon of the design. Before the
 * campaign's noise is measured nothing can be estimated anew, and those of the newest insight stand.
 * Rejects with retryable `service-unreachable` where no analyst answers, `archive-behind` where the archive does not know the results yet.
 */
export async function recallEffects(
  bus: Pick<Bus, 'request'>,
  { yardstick, campaignNumber, horizon, arm, meritNoise }: DataOf<'design'>,
  newest: Insight | null,
): Promise<readonly ComponentEffect[]> {
  if (meritNoise === undefined) return newest?.effects ?? [];
  const question = { yardstick, campaignNumber, horizon, arm, meritNoise };
  return (await bus.request('componentEffects', question)).effects;
}
