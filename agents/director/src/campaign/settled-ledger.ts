import type { ExperimentOutcome } from '@asi/contracts';

/** Which candidates of a campaign are settled, in a form that answers the planner's questions at once. */
export type SettledLedger = {
  record(ordinal: number, outcome: ExperimentOutcome): void;
  /** Largest h such that all candidates 1..h are settled. */
  watermark(): number;
  /** Settled without a result among the candidates 1..h, h up to the watermark. */
  lostUpTo(h: number): number;
  completed(): number;
  counts(): Record<ExperimentOutcome, number>;
};

export function createSettledLedger(): SettledLedger {
  const outcomes = new Map<number, ExperimentOutcome>();
  const lost = [0];
  const counts: Record<ExperimentOutcome, number> = { completed: 0, rejected: 0, failed: 0, cancelled: 0 };
  return {
    record: (ordinal, outcome) => {
      if (outcomes.has(ordinal)) return;
      outcomes.set(ordinal, outcome);
      counts[outcome]++;
      for (let next = lost.length; outcomes.has(next); next++) {
        lost.push((lost[next - 1] ?? 0) + (outcomes.get(next) === 'completed' ? 0 : 1));
      }
    },
    watermark: () => lost.length - 1,
    lostUpTo: (h) => lost[h] ?? 0,
    completed: () => counts.completed,
    counts: () => ({ ...counts }),
  };
}
