import type { Clock } from '@asi/contracts';

/**
 * Keeps requests away from an endpoint that serves nobody, and knows for how long it has served nobody.
 *
 * C1: after `failures` in a row no request passes for `openMilliseconds`.
 * C2: then one passes, and no second before the end of the first; its success closes the circuit, its failure opens it again.
 * C3: an endpoint is away when nobody was served for `awayMilliseconds` although two or more asked, whatever it said to them:
 *     too many requests, an error, or nothing until they were withdrawn.
 * C4: who hears that it is away leaves it to a person, so that is said once; and where nobody asked for `idleMilliseconds`
 *     longer than they were told to wait, as in a pause, what was before says nothing of now. Both begin the count anew.
 */
export type CircuitBreaker = {
  readonly enter: () => Entry;
  /** Since when nobody was served, where that makes the endpoint away; else null. */
  readonly sayAway: () => { readonly milliseconds: number } | null;
  /** Since when nobody was served, and the last word; null where somebody was, nobody asks, or it has said nothing yet. */
  readonly waitedFor: () => { readonly since: Date; readonly reason: string } | null;
};

export type Entry =
  | { readonly kind: 'closed'; readonly leave: Leave }
  | { readonly kind: 'open'; readonly comeAgainMilliseconds: number }
  /** Away, by the silence that others waited in: what they withdrew they could not say. */
  | { readonly kind: 'away'; readonly milliseconds: number };

/** @param reason what kept it from serving, for those who look; empty where nobody said */
export type Leave = (end: End, waitMilliseconds?: number, reason?: string) => void;

/** `busy`: it answers, but serves this request not now. */
export type End = 'served' | 'down' | 'busy' | 'withdrawn';

type Limits = {
  readonly failures: number;
  readonly openMilliseconds: number;
  readonly awayMilliseconds: number;
  readonly idleMilliseconds: number;
};

const usualLimits: Limits = {
  failures: 5,
  openMilliseconds: 30_000,
  // Less than the deadline of a task, which would count as its failure.
  awayMilliseconds: 10 * 60_000,
  // Who has to come again does so after 30 s, unless the endpoint wants longer.
  idleMilliseconds: 2 * 60_000,
};

const askersForAway = 2;

export function createCircuitBreaker(clock: Clock, limits: Limits = usualLimits): CircuitBreaker {
  const { failures, openMilliseconds, awayMilliseconds, idleMilliseconds } = limits;
  let inRow = 0;
  let openUntil = 0;
  let probing = false;
  let underWay = 0;
  let awaitedUntil = 0;
  let servedAt = 0;
  let unserved = { count: 0, since: 0, withdrawnInRow: 0, reason: '' };
  const now = () => clock.now().getTime();
  const beginAnew = () => {
    unserved = { count: 0, since: 0, withdrawnInRow: 0, reason: '' };
  };
  const isForgotten = () => underWay === 0 && now() > awaitedUntil;
  const sayAway = () => {
    const milliseconds = now() - unserved.since;
    if (unserved.count < askersForAway || milliseconds < awayMilliseconds) return null;
    beginAnew();
    return { milliseconds };
  };
  return {
    sayAway,
    waitedFor: () => {
      const { reason, since, withdrawnInRow } = unserved;
      const known =
        reason || (withdrawnInRow >= askersForAway ? 'nothing came until the questions were withdrawn' : '');
      return known === '' || isForgotten() ? null : { since: new Date(since), reason: known };
    },
    enter: () => {
      if (isForgotten()) beginAnew();
      const silence = unserved.withdrawnInRow >= askersForAway ? sayAway() : null;
      if (silence) return { kind: 'away', ...silence };
      const isProbe = inRow >= failures;
      const left = openUntil - now();
      if (isProbe && (left > 0 || probing))
        return { kind: 'open', comeAgainMilliseconds: left > 0 ? left : openMilliseconds };
      if (isProbe) probing = true;
      const enteredAt = now();
      underWay++;
      return {
        kind: 'closed',
        leave: (end, waitMilliseconds = 0, reason = '') => {
          underWay--;
          awaitedUntil = Math.max(awaitedUntil, now() + waitMilliseconds + idleMilliseconds);
          if (isProbe) probing = false;
          if (end === 'served') {
            servedAt = now();
            beginAnew();
          } else {
            unserved = {
              count: unserved.count + 1,
              since: unserved.count > 0 ? unserved.since : Math.max(enteredAt, servedAt),
              withdrawnInRow: end === 'withdrawn' ? unserved.withdrawnInRow + 1 : 0,
              reason: reason || unserved.reason,
            };
          }
          if (end === 'served' || end === 'busy') inRow = 0;
          if (end === 'down' && ++inRow >= failures) openUntil = now() + openMilliseconds;
        },
      };
    },
  };
}
