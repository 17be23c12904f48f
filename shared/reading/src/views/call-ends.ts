import type { CallRecord, ExperimentRecord } from '@asi/contracts';

/** What a call came to: the outcome of what it was made for, and the code of the reason. */
export type CallEnd = {
  readonly outcome: ExperimentRecord['outcome'] | 'under-way' | 'none';
  readonly reason: string | null;
};

type Settled = Pick<ExperimentRecord, '_id' | 'outcome' | 'reason' | 'revisions'>;

/** The question that begins the next draft tells what became of the last one. */
const refusals: Readonly<Record<string, string>> = { diversify: 'twin', repair: 'illegal-draft' };

/**
 * What each call came to. A call belongs to the draft that it was made for: those of a draft that was thrown away were spent
 * on a twin or on an illegal draft, also where a later draft of the same design was kept. An engineer's were spent on the failure that they
 * were to mend, whether or not that succeeded. All others came to what their experiment came to.
 */
export function callEnds(calls: readonly CallRecord[], settled: readonly Settled[]): (call: CallRecord) => CallEnd {
  const records = new Map<string, Settled>(settled.map((one) => [one._id, one]));
  const causes = new Map(
    settled.flatMap(({ revisions = [] }) =>
      revisions.flatMap(({ calls: own, cause }) => own.map((id) => [id, cause.code] as const)),
    ),
  );
  const thrownAway = thrownAwayDrafts(calls);
  return (call) => {
    if (call.experimentId === null) return { outcome: 'none', reason: null };
    const record = records.get(call.experimentId);
    const end: CallEnd = record
      ? { outcome: record.outcome, reason: record.reason?.code ?? null }
      : { outcome: 'under-way', reason: null };
    const refusal = thrownAway.get(call._id);
    if (refusal !== undefined) return { outcome: 'rejected', reason: refusal };
    if (call.role !== 'engineer') return end;
    // A mending that was given up leaves no revision: then the experiment ended for what was to be mended.
    const cause = causes.get(call._id) ?? (end.outcome === 'failed' ? end.reason : null);
    return { outcome: 'failed', reason: cause };
  };
}

/** Why the draft was thrown away that a call was made for, by call. */
function thrownAwayDrafts(calls: readonly CallRecord[]): ReadonlyMap<string, string> {
  const reasons = new Map<string, string>();
  const ofResearchers = calls.filter(({ role, experimentId }) => role === 'researcher' && experimentId !== null);
  for (const own of Map.groupBy(ofResearchers, ({ experimentId }) => experimentId).values()) {
    let draft: string[] | null = null;
    // One after the other, but for the summaries before the first draft, which all drafts rest on.
    for (const { _id, node } of own.toSorted((a, b) => (a.openedAt < b.openedAt ? -1 : 1))) {
      const refusal = refusals[node];
      if (refusal !== undefined) for (const id of draft ?? []) reasons.set(id, refusal);
      if (refusal !== undefined || node === 'design') draft = [];
      draft?.push(_id);
    }
  }
  return reasons;
}
