import { seededRandom } from '@asi/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planNext } from './planner.ts';
import { createSettledLedger } from './settled-ledger.ts';

type Sampled = { ordinal: number; horizon: number };

/** Plays a campaign: outcomes are fixed per candidate, the order in which they arrive is drawn. */
function play({
  wanted,
  inFlight,
  maximalAttempts,
  lost,
  order,
}: {
  wanted: number;
  inFlight: number;
  maximalAttempts: number;
  lost: (ordinal: number) => boolean;
  order: string;
}) {
  const random = seededRandom(order);
  const ledger = createSettledLedger();
  const underWay: number[] = [];
  const log: Sampled[] = [];
  let most = 0;
  for (let steps = 0; steps < 10_000; steps++) {
    const plan = planNext({ ledger, sampled: log.length, inFlight, wanted, maximalAttempts, closed: false });
    if (plan.kind === 'exhausted') return { log, completed: ledger.completed(), most };
    if (plan.kind === 'sample') {
      log.push({ ordinal: plan.ordinal, horizon: plan.horizon });
      underWay.push(plan.ordinal);
      most = Math.max(most, underWay.length);
      continue;
    }
    const [settled] = underWay.splice(random.below(underWay.length), 1);
    if (settled === undefined) throw new Error('the planner waits for nothing');
    ledger.record(settled, lost(settled) ? 'rejected' : 'completed');
  }
  throw new Error('the campaign never ends');
}

const campaign = fc.record({
  wanted: fc.integer({ min: 1, max: 25 }),
  inFlight: fc.integer({ min: 1, max: 9 }),
  losses: fc.array(fc.boolean(), { minLength: 120, maxLength: 120 }),
});

describe('the planner', () => {
  it('makes the same decisions in whatever order results arrive, so that delays and crashes never change a campaign', () => {
    fc.assert(
      fc.property(campaign, fc.string(), fc.string(), ({ wanted, inFlight, losses }, one, other) => {
        const lost = (ordinal: number) => losses[ordinal] ?? false;
        const rules = { wanted, inFlight, lost, maximalAttempts: 100 };
        expect(play({ ...rules, order: one }).log).toEqual(play({ ...rules, order: other }).log);
      }),
    );
  });

  it('samples no candidate for a loss that it may not know, and lets it know nothing later: what it is follows from outcomes alone', () => {
    fc.assert(
      fc.property(campaign, fc.string(), ({ wanted, inFlight, losses }, order) => {
        const lost = (ordinal: number) => losses[ordinal] ?? false;
        const lostUpTo = (h: number) => Array.from({ length: h }, (_, i) => i + 1).filter(lost).length;
        const horizonOf = (ordinal: number) => {
          let horizon = Math.max(0, ordinal - inFlight);
          while (horizon < ordinal && ordinal - 1 - lostUpTo(horizon) >= wanted) horizon++;
          return horizon;
        };
        const { log } = play({ wanted, inFlight, lost, maximalAttempts: 100, order });
        expect(log).toEqual(log.map((_, i) => ({ ordinal: i + 1, horizon: horizonOf(i + 1) })));
      }),
    );
  });

  it('completes exactly the budget, replacing every candidate that is lost', () => {
    fc.assert(
      fc.property(campaign, fc.string(), ({ wanted, inFlight, losses }, order) => {
        const lost = (ordinal: number) => ordinal < 50 && (losses[ordinal] ?? false);
        expect(play({ wanted, inFlight, lost, maximalAttempts: 1000, order }).completed).toBe(wanted);
      }),
    );
  });

  it('never has more under way than allowed, and fills what is allowed', () => {
    const result = play({ wanted: 30, inFlight: 6, lost: () => false, maximalAttempts: 100, order: 'x' });
    expect(result.most).toBe(6);
  });

  it('ends when nothing ever succeeds, instead of trying for ever', () => {
    const result = play({ wanted: 5, inFlight: 4, lost: () => true, maximalAttempts: 20, order: 'x' });
    expect(result.log.length).toBe(20);
    expect(result.completed).toBe(0);
  });
});
