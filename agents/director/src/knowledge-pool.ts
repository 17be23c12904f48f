import { type HistoryEntry, type Reference, referenceOnlyBaselines } from '@asi/contracts';
import type { Horizon, Remembered } from './remembered.ts';
import type { PoolEntry } from './selection/policy.ts';

export type ScoredEntry = PoolEntry & { readonly history: HistoryEntry };

/** Whose eyes the pool is seen with: the scores depend on all of it. */
export type PoolQuestion = {
  readonly at: Horizon;
  readonly reference: Reference | null;
  readonly objective: 'composite' | 'merit';
};

/**
 * What a policy chooses from: every visible candidate, and each baseline once, with the mean score of its runs. Baselines
 * that are only references are left out. Candidates of earlier campaigns count as older than any of this one.
 */
export type KnowledgePool = {
  ask(question: PoolQuestion): ScoredEntry[];
  /** To be called with every record that becomes known. */
  added(one: Remembered): void;
};

export type PoolSources = {
  readonly all: () => Iterable<Remembered>;
  readonly visible: (one: Remembered, at: Horizon) => boolean;
  readonly candidateAt: (campaignNumber: number, ordinal: number) => Remembered | undefined;
  readonly score: (one: Remembered, question: PoolQuestion) => HistoryEntry;
};

const campaignDistance = 1_000_000;

/**
 * K1: an answer depends on the question and on the records that its horizon includes alone.
 * K2: a later horizon of the same campaign only adds candidates, so the last answer is extended: the 5,000th question
 *     scores a few records and not 5,000. A record that the last answer should have included makes it forgotten.
 */
export function createKnowledgePool(sources: PoolSources): KnowledgePool {
  let last: { question: PoolQuestion; entries: ScoredEntry[] } | null = null;

  const isExtendedBy = ({ at, reference, objective }: PoolQuestion): boolean =>
    last !== null &&
    last.question.at.yardstick === at.yardstick &&
    last.question.at.campaignNumber === at.campaignNumber &&
    last.question.at.arm === at.arm &&
    last.question.at.horizon <= at.horizon &&
    last.question.reference === reference &&
    last.question.objective === objective;

  return {
    ask: (question) => {
      const { at } = question;
      if (last === null || !isExtendedBy(question)) {
        const visible = [...sources.all()].filter((one) => sources.visible(one, at));
        last = { question, entries: entriesOf(visible, question, sources.score) };
      } else {
        const entries = [...last.entries];
        for (let ordinal = last.question.at.horizon + 1; ordinal <= at.horizon; ordinal++) {
          const one = sources.candidateAt(at.campaignNumber, ordinal);
          if (one && sources.visible(one, at)) insert(entries, entryOf(one, question, sources.score));
        }
        last = { question, entries };
      }
      return last.entries;
    },
    added: (one) => {
      const at = last?.question.at;
      if (!at) return;
      const later =
        one.kind === 'candidate' && one.campaignNumber === at.campaignNumber && (one.ordinal ?? 0) > at.horizon;
      if (!later) last = null;
    },
  };
}

function entriesOf(visible: readonly Remembered[], question: PoolQuestion, score: PoolSources['score']): ScoredEntry[] {
  const candidates: ScoredEntry[] = [];
  const baselines = new Map<string, ScoredEntry[]>();
  for (const one of visible) {
    const entry = entryOf(one, question, score);
    if (one.kind === 'candidate') candidates.push(entry);
    else if (one.baseline && !referenceOnlyBaselines.includes(one.baseline)) {
      baselines.set(one.baseline, [...(baselines.get(one.baseline) ?? []), entry]);
    }
  }
  const merged = [...baselines.values()].flatMap((runs) => {
    const first = runs.sort(byId)[0];
    if (!first) return [];
    return [{ ...first, score: runs.reduce((sum, run) => sum + run.score, 0) / runs.length }];
  });
  // Sorted, because results arrive in any order and a policy must not notice.
  return [...merged, ...candidates].sort(byId);
}

function entryOf(one: Remembered, question: PoolQuestion, score: PoolSources['score']): ScoredEntry {
  const history = score(one, question);
  return {
    experimentId: history.experimentId,
    name: history.name,
    kind: one.kind === 'baseline' ? 'baseline' : 'candidate',
    age:
      one.kind === 'baseline'
        ? 0
        : (one.campaignNumber - question.at.campaignNumber) * campaignDistance + (one.ordinal ?? 0),
    score: history.fitness ?? history.merit ?? 0,
    components: history.components,
    history,
  };
}

const byId = (a: ScoredEntry, b: ScoredEntry): number => (a.experimentId < b.experimentId ? -1 : 1);

function insert(entries: ScoredEntry[], entry: ScoredEntry): void {
  let at = entries.length;
  while (at > 0 && byId(entry, entries[at - 1] as ScoredEntry) < 0) at--;
  entries.splice(at, 0, entry);
}
