import type { Bus } from '@asi/bus';
import { type DataOf, type Insight, retryable } from '@asi/contracts';

const patienceMilliseconds = 60_000;
const pauseMilliseconds = 100;

/**
 * The newest insights that a design may know. The archive hears of results a moment after the director: asking again until it
 * knows all below the horizon keeps designs reproducible. Rejects with retryable `archive-behind` after a minute.
 */
export async function recallInsights(
  bus: Bus,
  { yardstick, campaignNumber, horizon, arm }: DataOf<'design'>,
  limit: number,
): Promise<Insight[]> {
  const deadline = Date.now() + patienceMilliseconds;
  for (;;) {
    const { ready, insights } = await bus.request('recallInsights', { yardstick, campaignNumber, horizon, arm, limit });
    if (ready) return insights;
    if (Date.now() > deadline) throw retryable('archive-behind', 'the archive does not know all results yet');
    await new Promise((resolve) => setTimeout(resolve, pauseMilliseconds));
  }
}
