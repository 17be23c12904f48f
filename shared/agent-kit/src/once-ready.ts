import { retryable } from '@asi/contracts';

export type Patience = { readonly patienceMilliseconds?: number; readonly pauseMilliseconds?: number };

/**
 * Asks the archive until it knows all that the question is about: it hears of results a moment after the director, and an answer
 * from what it knows already would depend on that moment.
 * @throws retryable `archive-behind` after a minute; what the signal says when that aborts
 */
export async function onceReady<Reply extends { readonly ready: boolean }>(
  ask: () => Promise<Reply>,
  signal: AbortSignal,
  { patienceMilliseconds = 60_000, pauseMilliseconds = 100 }: Patience = {},
): Promise<Reply> {
  const deadline = Date.now() + patienceMilliseconds;
  for (;;) {
    signal.throwIfAborted();
    const reply = await ask();
    if (reply.ready) return reply;
    if (Date.now() > deadline) throw retryable('archive-behind', 'the archive does not know all results yet');
    await new Promise((resolve) => setTimeout(resolve, pauseMilliseconds));
  }
}
