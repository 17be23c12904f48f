import type { SettledLedger } from './settled-ledger.ts';

export type Plan =
  /** Sample this candidate, letting it see the candidates up to the horizon. */
  | { readonly kind: 'sample'; readonly ordinal: number; readonly horizon: number }
  | { readonly kind: 'wait' }
  /** Nothing more will be sampled, and everything sampled is settled. */
  | { readonly kind: 'exhausted' };

export type PlanInput = {
  readonly ledger: Pick<SettledLedger, 'watermark' | 'lostUpTo'>;
  /** Candidates sampled so far. */
  readonly sampled: number;
  /** Candidates under way at once, at most. */
  readonly inFlight: number;
  /** Completed candidates wanted. */
  readonly wanted: number;
  readonly maximalAttempts: number;
  /** True when time is up or the campaign is paused: sample nothing more. */
  readonly closed: boolean;
};

/**
 * When to sample the next candidate, and what it may know.
 *
 * P1: candidate i knows exactly the candidates 1..h, where h is the smallest horizon of at least i - inFlight at which
 *     i is still wanted. Which results arrive early or late changes nothing, so a campaign with the same seed makes the
 *     same designs whatever is killed, delayed or run in parallel.
 * P2: i is wanted at h when the candidates before it, less those lost up to h, are fewer than the budget.
 * P3: designs are made ahead: `inFlight` is larger than the number of training slots.
 */
export function planNext({ ledger, sampled, inFlight, wanted, maximalAttempts, closed }: PlanInput): Plan {
  const ordinal = sampled + 1;
  const watermark = ledger.watermark();
  const allSettled = watermark >= sampled;
  if (closed || ordinal > maximalAttempts) return allSettled ? { kind: 'exhausted' } : { kind: 'wait' };
  for (let horizon = Math.max(0, ordinal - inFlight); horizon <= Math.min(watermark, sampled); horizon++) {
    if (sampled - ledger.lostUpTo(horizon) < wanted) return { kind: 'sample', ordinal, horizon };
  }
  return allSettled ? { kind: 'exhausted' } : { kind: 'wait' };
}
