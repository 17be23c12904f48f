import { type ExperimentRecord, experimentIdSchema } from '@asi/contracts';
import { describe, expect, it } from 'vitest';
import { sampleCall } from '../testing/index.ts';
import { callEnds } from './call-ends.ts';

const id = 'c001-0007';
const kept = { _id: experimentIdSchema.parse(id), outcome: 'completed', reason: null } as const;
const failed = { ...kept, outcome: 'failed', reason: { code: 'diverged', message: '', evidenceHash: null } } as const;
type Settled = Parameters<typeof callEnds>[1][number];

/** Calls of the nodes in the order in which they were begun; what each came to. */
function endsOf(nodes: readonly string[], settled: readonly Settled[] = [kept], role = 'researcher'): string[] {
  const calls = nodes.map((node, index) =>
    sampleCall(id, `${role}${index}`, { node, role, openedAt: new Date(Date.UTC(2026, 0, 1, 9, index)).toISOString() }),
  );
  // As the database gives them: in the order of their keys.
  const endOf = callEnds(
    calls.toSorted((a, b) => (a._id < b._id ? -1 : 1)),
    settled,
  );
  return calls.map((call) => {
    const { outcome, reason } = endOf(call);
    return [outcome, ...(reason === null ? [] : [reason])].join(' ');
  });
}

describe('what a call was spent on', () => {
  it('is a twin or an illegal draft where that draft was thrown away, also when the design was kept in the end', () => {
    expect(
      endsOf([
        ...['summarise', 'summarise', 'design', 'amend-citations', 'embed', 'judge-novelty'],
        ...['diversify', 'diversify:repair'],
        ...['repair', 'judge-novelty'],
      ]),
    ).toEqual([
      ...['completed', 'completed', 'rejected twin', 'rejected twin', 'rejected twin', 'rejected twin'],
      ...['rejected illegal-draft', 'rejected illegal-draft'],
      ...['completed', 'completed'],
    ]);
  });

  it('is, of the last draft, what the experiment came to: nothing else says that it was refused', () => {
    const refused = { ...failed, outcome: 'rejected', reason: { ...failed.reason, code: 'twin' } } as const;
    expect(endsOf(['design', 'diversify'], [refused])).toEqual(['rejected twin', 'rejected twin']);
    expect(endsOf(['design', 'repair'], [])).toEqual(['rejected illegal-draft', 'under-way']);
    expect(endsOf(['design', 'design:longer', 'design:repair'], [failed])).toEqual(Array(3).fill('failed diverged'));
  });

  it('is a failure where an engineer mended it, by what was to be mended', () => {
    const cause = { code: 'crashed', message: '', evidenceHash: null };
    const revisions = [{ cause, calls: [sampleCall(id, 'engineer0')._id] }] as unknown as ExperimentRecord['revisions'];
    expect(endsOf(['mend', 'mend'], [{ ...kept, revisions }], 'engineer')).toEqual(['failed crashed', 'failed']);
    expect(endsOf(['mend'], [failed], 'engineer')).toEqual(['failed diverged']);
    expect(endsOf(['repair'], [kept], 'analyst'), 'a repair of an analysis throws no draft away').toEqual([
      'completed',
    ]);
  });

  it('is told of each experiment by its own calls', () => {
    const other = sampleCall('c001-0008', 'design', { openedAt: '2026-01-01T08:00:00.000Z' });
    const twin = sampleCall(id, 'diversify', { node: 'diversify' });
    expect(callEnds([other, twin], [])(other)).toEqual({ outcome: 'under-way', reason: null });
    expect(callEnds([], [])(sampleCall(null, 'doctor'))).toEqual({ outcome: 'none', reason: null });
  });
});
