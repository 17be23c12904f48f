import { type HistoryEntry, referenceOnlyBaselines } from '@asi/contracts';
import type { Horizon, Remembered } from './remembered.ts';
import type { PoolEntry } from './selection/policy.ts';

export type ScoredEntry = PoolEntry & { readonly history: HistoryEntry };

const campaignDistance = 1_000_000;

/**
 * What a policy chooses from: every visible candidate, and each baseline once, with the mean score of its runs. Baselines
 * that are only references are left out. Candidates of earlier campaigns count as older than any of this one.
 */
export function pooledEntries(
  visible: readonly Remembered[],
  at: Horizon,
  score: (one: Remembered) => HistoryEntry,
): ScoredEntry[] {
  const candidates: ScoredEntry[] = [];
  const baselines = new Map<string, ScoredEntry[]>();
  for (const one of visible) {
    const history = score(one);
    const entry: ScoredEntry = {
      experimentId: history.experimentId,
      name: history.name,
      kind: one.kind,
      age:
        one.kind === 'baseline' ? 0 : (one.campaignNumber - at.campaignNumber) * campaignDistance + (one.ordinal ?? 0),
      score: history.fitness ?? history.merit ?? 0,
      components: history.components,
      history,
    };
    if (one.kind === 'candidate') candidates.push(entry);
    else if (one.baseline && !referenceOnlyBaselines.includes(one.baseline)) {
      baselines.set(one.baseline, [...(baselines.get(one.baseline) ?? []), entry]);
    }
  }
  const merged = [...baselines.values()].flatMap((runs) => {
    const first = runs.sort((a, b) => (a.experimentId < b.experimentId ? -1 : 1))[0];
    if (!first) return [];
    return [{ ...first, score: runs.reduce((sum, run) => sum + run.score, 0) / runs.length }];
  });
  // Sorted, because results arrive in any order and a policy must not notice.
  return [...merged, ...candidates].sort((a, b) => (a.experimentId < b.experimentId ? -1 : 1));
}
