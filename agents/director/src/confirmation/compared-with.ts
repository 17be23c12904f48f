import type { Program } from '@asi/contracts';
import type { Knowledge } from '../knowledge.ts';
import type { Remembered } from '../remembered.ts';

/** Something that is trained again with fresh seeds. */
export type Contestant = {
  /** The candidate; of a built-in its name. */
  readonly id: string;
  readonly name: string;
  readonly program: Program;
};

export type Rival = Contestant & { readonly relation: 'baseline' | 'parent' };

const anchor: Rival = {
  relation: 'baseline',
  id: 'delta-net',
  name: 'delta-net',
  program: { kind: 'builtin', name: 'delta-net' },
};

/** What a candidate must beat: DeltaNet, and its parent where that is something else. */
export function rivalsOf(candidate: Remembered, knowledge: Knowledge): Rival[] {
  const parent = candidate.parentId === null ? undefined : knowledge.get(candidate.parentId);
  if (!parent || parent.baseline === anchor.id) return [anchor];
  const own = contestantOf(parent);
  return own ? [anchor, { ...own, relation: 'parent' }] : [anchor];
}

/** Null when it came to no program. */
export function contestantOf({ entry, baseline, program }: Remembered): Contestant | null {
  if (!program) return null;
  return { id: baseline ?? entry.experimentId, name: entry.name, program };
}
