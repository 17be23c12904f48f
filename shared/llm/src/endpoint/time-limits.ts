import { retryable } from '@asi/contracts';
import { longestTimer } from './longest-timer.ts';
import { withdrawn } from './withdrawn.ts';

export type TimeLimits = {
  /** Aborts when the asker gives up or a limit is passed. */
  readonly signal: AbortSignal;
  /** A piece of the answer came. */
  readonly heard: () => void;
  /** Throws cancelled `model-cancelled` when the asker has given up, retryable `model-unavailable` when a limit was passed. */
  readonly throwIfStopped: () => void;
  readonly end: () => void;
};

/**
 * Watches one request: as a whole, and the silence after its first piece. Before that only the whole counts, because a
 * model that reasons is silent for long before it begins to answer.
 */
export function timeLimits(
  { requestSeconds, stallSeconds }: { readonly requestSeconds: number; readonly stallSeconds: number },
  outer: AbortSignal,
): TimeLimits {
  const controller = new AbortController();
  let limit: string | null = null;
  const pass = (what: string) => () => {
    limit ??= what;
    controller.abort();
  };
  const timer = (seconds: number, what: string) => setTimeout(pass(what), Math.min(seconds * 1000, longestTimer));
  const whole = timer(requestSeconds, `no whole answer within ${requestSeconds} s`);
  let silence: NodeJS.Timeout | undefined;
  return {
    signal: AbortSignal.any([outer, controller.signal]),
    heard: () => {
      clearTimeout(silence);
      silence = timer(stallSeconds, `the stream stalled for ${stallSeconds} s`);
    },
    throwIfStopped: () => {
      if (outer.aborted) throw withdrawn();
      if (limit !== null) throw retryable('model-unavailable', limit);
    },
    end: () => {
      clearTimeout(whole);
      clearTimeout(silence);
    },
  };
}
