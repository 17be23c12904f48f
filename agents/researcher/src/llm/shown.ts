import type { Citation } from '@asi/contracts';
import type { Recollection } from './recall-graph.ts';

/** Everything that may be cited, because it was shown: kind and id, with what it is called. */
export type Shown = ReadonlyArray<{ readonly kind: Citation['kind']; readonly id: string; readonly title: string }>;

export function shownBy({ parent, references, insights, papers }: Recollection, twin: string | null): Shown {
  return [
    ...papers.map(({ _id, title }) => ({ kind: 'paper' as const, id: _id, title })),
    ...insights.map(({ _id }) => ({ kind: 'insight' as const, id: _id, title: `lesson of ${_id}` })),
    ...[parent, ...references].map(({ entry }) => ({
      kind: 'experiment' as const,
      id: entry.experimentId as string,
      title: entry.name,
    })),
    ...(twin === null ? [] : [{ kind: 'experiment' as const, id: twin, title: 'the twin' }]),
  ];
}

/** Those that name nothing that was shown. */
export const unknownCitations = (citations: readonly Citation[], shown: Shown): Citation[] =>
  citations.filter(({ kind, id }) => !shown.some((one) => one.kind === kind && one.id === id));

/** The citations that name what was shown, each once, and the parent in any case. */
export function knownCitations(citations: readonly Citation[], shown: Shown, parent: string): Citation[] {
  const unknown = unknownCitations(citations, shown);
  const cited = new Map<string, Citation>(
    citations.filter((one) => !unknown.includes(one)).map((one) => [`${one.kind} ${one.id}`, one] as const),
  );
  const descent: Citation = { kind: 'experiment', id: parent, why: 'the parent' };
  const key = `experiment ${parent}`;
  return [cited.get(key) ?? descent, ...[...cited].filter(([name]) => name !== key).map(([, one]) => one)];
}
