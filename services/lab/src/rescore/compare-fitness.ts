import type { ExperimentRecord, Judgement, Reference } from '@asi/contracts';
import { fitnessOf } from '@asi/statistics';
import { type ComparedScore, comparedScore } from './compared-score.ts';
import type { Rescored } from './rescore-raw.ts';

export type FitnessMaterial = {
  readonly record: Pick<
    ExperimentRecord,
    'kind' | 'campaignId' | 'outcome' | 'fitness' | 'judgement' | 'yardstick'
  > | null;
  readonly objective: 'composite' | 'merit';
  /** The campaign's zero and band as the director announced them; null where the journal has no announcement. */
  readonly announced: Reference | null;
};

export type FitnessComparison = {
  readonly scores: ComparedScore[];
  /** What is shown or ranks and cannot be computed again, with the reason. */
  readonly unchecked: Array<{ readonly name: string; readonly why: string }>;
};

const parts = ['loss', 'benchmark', 'judge', 'merit', 'total'] as const;

/**
 * Every number of the fitness beside what follows from the scores, the announced reference and the stored judgement. What
 * never had a fitness (it is under way, a run of a confirmation, without a result) shows none: there is nothing to compare.
 */
export function compareFitness({ record, objective, announced }: FitnessMaterial, again: Rescored): FitnessComparison {
  const isRanked = record?.outcome === 'completed' && record.kind !== 'confirmation';
  if (!record || !(record.fitness || isRanked)) return { scores: [], unchecked: [] };
  const ofJudge = record.judgement ? [comparedTotal(record.judgement)] : [];
  if (!announced) {
    const why = `the journal has no reference of campaign ${record.campaignId}, from which it follows`;
    return {
      scores: ofJudge,
      unchecked: ['yardstick', ...parts, 'suspicious'].map((name) => ({ name: nameOf(name), why })),
    };
  }
  const { fitness, judgement, yardstick } = record;
  const computed = fitnessOf(again, announced, judgement, objective);
  return {
    scores: [
      ...ofJudge,
      comparedScore(nameOf('yardstick'), yardstick, announced.yardstick),
      ...parts.map((part) => comparedScore(nameOf(part), fitness?.[part] ?? null, computed[part])),
      comparedScore(nameOf('suspicious'), fitness ? String(fitness.suspicious) : null, String(computed.suspicious)),
    ],
    unchecked: [],
  };
}

const nameOf = (name: string) => (name === 'yardstick' ? name : `fitness.${name}`);

const decimalsOfJudges = 3;

/** Judges round the weighted mean of their criteria to three decimals: to these it must be it. */
function comparedTotal({ criteria, weights, total }: Judgement): ComparedScore {
  const mean = Object.entries(weights).reduce(
    (sum, [name, weight]) => sum + weight * (criteria[name] ?? Number.NaN),
    0,
  );
  const again = Number(mean.toFixed(decimalsOfJudges));
  const halfStep = 0.5 * 10 ** -decimalsOfJudges;
  return { name: 'judgement.total', stored: total, again, equal: Math.abs(total - mean) <= halfStep + 1e-9 };
}
