import {
  type ArmName,
  campaignIdOf,
  candidateIdOf,
  type ExperimentRecord,
  type HistoryEntry,
  type Program,
  type Reference,
} from '@asi/contracts';
import { fitnessOf } from '@asi/statistics';
import { createKnowledgePool, type KnowledgePool, type ScoredEntry } from './knowledge-pool.ts';
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
  /** Seeds with which this program was trained as a baseline or a candidate, in any campaign. */
  provisionalSeeds(program: Program): ReadonlySet<number>;
  /** Completed candidates of a campaign, in the order of sampling. */
  completedCandidates(campaignNumber: number): Remembered[];
};

export function createKnowledge(): Knowledge {
  const all = new Map<string, Remembered>();
  const children = new Map<string, string[]>();
  const baselines = new Map<string, string>();
  const seeds = new Map<string, Set<number>>();
  const candidates = new Map<number, Remembered[]>();

  const visible = (one: Remembered, at: Horizon): boolean =>
    one.outcome === 'completed' &&
    one.kind !== 'confirmation' &&
    one.yardstick === at.yardstick &&
    (one.kind === 'baseline' ||
      one.campaignNumber < at.campaignNumber ||
      // A1: arms do not help each other, or their comparison would say nothing.
      (one.campaignNumber === at.campaignNumber && one.arm === at.arm && (one.ordinal ?? 0) <= at.horizon));

  const scored = (one: Remembered, reference: Reference | null, objective: 'composite' | 'merit'): HistoryEntry => {
    if (!reference || !one.measured) return { ...one.entry, merit: null, fitness: null };
    const judgement = one.judgeTotal === null ? null : { total: one.judgeTotal };
    const fitness = fitnessOf(one.measured, reference, judgement, objective);
    return { ...one.entry, merit: fitness.merit, fitness: fitness.total };
  };

  // One for each arm, because the arms of a campaign ask in turn and each answer extends the last one.
  const pools = new Map<ArmName | null, KnowledgePool>();
  const poolOf = (arm: ArmName | null): KnowledgePool => {
    const pool =
      pools.get(arm) ??
      createKnowledgePool({
        all: () => all.values(),
        visible: (one, at) => visible(one, at) && !one.suspectLeak,
        candidateAt: (campaignNumber, ordinal) => all.get(candidateIdOf(campaignIdOf(campaignNumber), ordinal)),
        score: (one, { reference, objective }) => scored(one, reference, objective),
      });
    pools.set(arm, pool);
    return pool;
  };

  const knowledge: Knowledge = {
    add: (record) => {
      if (all.has(record._id)) return;
      const one = remember(record);
      all.set(record._id, one);
      for (const pool of pools.values()) pool.added(one);
      if (record.parentId) children.set(record.parentId, [...(children.get(record.parentId) ?? []), record._id]);
      if (one.program && one.kind !== 'confirmation') {
        const key = programKey(one.program);
        seeds.set(key, (seeds.get(key) ?? new Set()).add(one.seed));
      }
      if (record.outcome !== 'completed') return;
      if (one.kind === 'candidate') {
        const known = candidates.get(one.campaignNumber) ?? [];
        known.push(one);
        candidates.set(one.campaignNumber, known);
      }
      if (one.program && one.kind === 'baseline') {
        const key = runKey(one.program, one.seed, one.yardstick);
        if (!baselines.has(key)) baselines.set(key, record._id);
      }
    },
    get: (id) => all.get(id),
    pool: (at, reference, objective) => poolOf(at.arm).ask({ at, reference, objective }),
    entryAt: (id, at, reference, objective) => {
      const one = id === null ? undefined : all.get(id);
      return one && visible(one, at) ? scored(one, reference, objective) : null;
    },
    siblingsOf: (parentId, at, reference, objective, limit) =>
      (children.get(parentId) ?? [])
        .flatMap((id) => knowledge.entryAt(id, at, reference, objective) ?? [])
        .sort((a, b) => (b.merit ?? 0) - (a.merit ?? 0) || (a.experimentId < b.experimentId ? -1 : 1))
        .slice(0, limit),
    baselineRun: (name, seed, yardstick) => baselines.get(runKey({ kind: 'builtin', name }, seed, yardstick)) ?? null,
    provisionalSeeds: (program) => seeds.get(programKey(program)) ?? new Set(),
    completedCandidates: (campaignNumber) =>
      [...(candidates.get(campaignNumber) ?? [])].sort((a, b) => (a.ordinal ?? 0) - (b.ordinal ?? 0)),
  };
  return knowledge;
}

const programKey = (program: Program) => (program.kind === 'builtin' ? program.name : program.hash);
const runKey = (program: Program, seed: number, yardstick: string) =>
  `${programKey(program)}\u0000${seed}\u0000${yardstick}`;
