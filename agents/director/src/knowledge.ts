import { campaignIdOf, candidateIdOf, type ExperimentRecord, type HistoryEntry, type Reference } from '@asi/contracts';
import { fitnessOf } from '@asi/statistics';
import { createKnowledgePool, type ScoredEntry } from './knowledge-pool.ts';
import { type Horizon, type Remembered, remember } from './remembered.ts';

/** The index over all finished experiments, in memory: built by one scan at start, kept current by every finish. */
export type Knowledge = {
  add(record: ExperimentRecord): void;
  get(id: string): Remembered | undefined;
  /** Scored entries that a candidate with this horizon may know, with the campaign's own yardstick and reference. */
  pool(at: Horizon, reference: Reference | null, objective: 'composite' | 'merit'): readonly ScoredEntry[];
  /** A finished experiment as the candidate with this horizon may know it, or null. */
  entryAt(
    id: string | null,
    at: Horizon,
    reference: Reference | null,
    objective: 'composite' | 'merit',
  ): HistoryEntry | null;
  siblingsOf(
    parentId: string,
    at: Horizon,
    reference: Reference | null,
    objective: 'composite' | 'merit',
    limit: number,
  ): HistoryEntry[];
  /** A completed baseline run that can stand in for a new one. */
  baselineRun(name: string, seed: number, yardstick: string): string | null;
};

export function createKnowledge(): Knowledge {
  const all = new Map<string, Remembered>();
  const children = new Map<string, string[]>();
  const baselines = new Map<string, string>();

  const visible = (one: Remembered, at: Horizon): boolean =>
    one.outcome === 'completed' &&
    one.yardstick === at.yardstick &&
    (one.kind === 'baseline' ||
      one.campaignNumber < at.campaignNumber ||
      (one.campaignNumber === at.campaignNumber && (one.ordinal ?? 0) <= at.horizon));

  const scored = (one: Remembered, reference: Reference | null, objective: 'composite' | 'merit'): HistoryEntry => {
    if (!reference || !one.measured) return { ...one.entry, merit: null, fitness: null };
    const judgement = one.judgeTotal === null ? null : { total: one.judgeTotal };
    const fitness = fitnessOf(one.measured, reference, judgement, objective);
    return { ...one.entry, merit: fitness.merit, fitness: fitness.total };
  };

  const pool = createKnowledgePool({
    all: () => all.values(),
    visible,
    candidateAt: (campaignNumber, ordinal) => all.get(candidateIdOf(campaignIdOf(campaignNumber), ordinal)),
    score: (one, { reference, objective }) => scored(one, reference, objective),
  });

  const knowledge: Knowledge = {
    add: (record) => {
      if (all.has(record._id)) return;
      const one = remember(record);
      all.set(record._id, one);
      pool.added(one);
      if (record.parentId) children.set(record.parentId, [...(children.get(record.parentId) ?? []), record._id]);
      if (record.baseline && record.outcome === 'completed') {
        const key = baselineKey(record.baseline, record.seed, record.yardstick);
        if (!baselines.has(key)) baselines.set(key, record._id);
      }
    },
    get: (id) => all.get(id),
    pool: (at, reference, objective) => pool.ask({ at, reference, objective }),
    entryAt: (id, at, reference, objective) => {
      const one = id === null ? undefined : all.get(id);
      return one && visible(one, at) ? scored(one, reference, objective) : null;
    },
    siblingsOf: (parentId, at, reference, objective, limit) =>
      (children.get(parentId) ?? [])
        .flatMap((id) => knowledge.entryAt(id, at, reference, objective) ?? [])
        .sort((a, b) => (b.merit ?? 0) - (a.merit ?? 0) || (a.experimentId < b.experimentId ? -1 : 1))
        .slice(0, limit),
    baselineRun: (name, seed, yardstick) => baselines.get(baselineKey(name, seed, yardstick)) ?? null,
  };
  return knowledge;
}

const baselineKey = (name: string, seed: number, yardstick: string) => `${name}\u0000${seed}\u0000${yardstick}`;
