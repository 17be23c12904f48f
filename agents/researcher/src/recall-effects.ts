import type { Bus } from '@asi/bus';
import type { ComponentEffect, DataOf } from '@asi/contracts';

/**
 * The effects of components on merit, estimated by the analyst from every result within the horizon of the design: none where that
 * holds no result. Rejects with retryable `service-unreachable` where no analyst answers, `archive-behind` where the archive does not
 * know the results yet.
 */
export async function recallEffects(
  bus: Pick<Bus, 'request'>,
  { yardstick, campaignNumber, horizon, arm, meritScale }: DataOf<'design'>,
): Promise<readonly ComponentEffect[]> {
  if (!meritScale) return [];
  const question = { yardstick, campaignNumber, horizon, arm, meritScale };
  return (await bus.request('componentEffects', question)).effects;
}
