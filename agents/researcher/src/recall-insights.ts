import { onceReady } from '@asi/agent-kit';
import type { Bus } from '@asi/bus';
import type { DataOf, Insight } from '@asi/contracts';

/** The newest insights that a design may know. @throws retryable `archive-behind` as `onceReady` says */
export async function recallInsights(
  bus: Bus,
  { yardstick, campaignNumber, horizon, arm }: DataOf<'design'>,
  limit: number,
  signal: AbortSignal,
): Promise<Insight[]> {
  const question = { yardstick, campaignNumber, horizon, arm, limit };
  return (await onceReady(() => bus.request('recallInsights', question), signal)).insights;
}
