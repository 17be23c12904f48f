import type { Clock } from '@asi/contracts';

/**
 * Keeps requests away from an endpoint that serves nobody.
 *
 * C1: after `failures` in a row no request passes for `openMilliseconds`.
 * C2: then one passes, and no second before the end of the first; its success closes the circuit, its failure opens it again.
 */
export type CircuitBreaker = {
  readonly enter: () => Entry;
  /** Since the first of an unbroken row of failures that opened the circuit; 0 while it is closed. */
  readonly downMilliseconds: () => number;
};

export type Entry =
  | { readonly kind: 'closed'; readonly leave: (end: 'served' | 'down' | 'unknown') => void }
  | { readonly kind: 'open'; readonly comeAgainMilliseconds: number };

type Limits = { readonly failures: number; readonly openMilliseconds: number };

export function createCircuitBreaker(
  clock: Clock,
  { failures, openMilliseconds }: Limits = { failures: 5, openMilliseconds: 30_000 },
): CircuitBreaker {
  let inRow = 0;
  let downSince = 0;
  let openUntil = 0;
  let probing = false;
  const now = () => clock.now().getTime();
  return {
    enter: () => {
      const isProbe = inRow >= failures;
      const left = openUntil - now();
      if (isProbe && (left > 0 || probing))
        return { kind: 'open', comeAgainMilliseconds: left > 0 ? left : openMilliseconds };
      if (isProbe) probing = true;
      return {
        kind: 'closed',
        leave: (end) => {
          if (isProbe) probing = false;
          if (end === 'served') inRow = 0;
          if (end !== 'down') return;
          if (inRow === 0) downSince = now();
          inRow++;
          if (inRow >= failures) openUntil = now() + openMilliseconds;
        },
      };
    },
    downMilliseconds: () => (inRow >= failures ? now() - downSince : 0),
  };
}
