import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Decision,
  type Divergence,
  divergenceIn,
  firstDivergence,
  isVerdict,
  type ReplayedLaboratory,
} from '@asi/reading';

/** How far a replay came, and where it parts from the record. */
export type Followed = {
  readonly replayed: readonly Decision[];
  /** Decisions that are equal, from the beginning. */
  readonly equal: number;
  readonly divergence: Divergence | null;
};

export type FollowOptions = {
  readonly recorded: readonly Decision[];
  readonly laboratory: Pick<ReplayedLaboratory, 'decision' | 'state' | 'isStuck'>;
  /** All decisions of the replay, once it has ended. */
  readonly decisions: () => Promise<readonly Decision[]>;
  /** Told of every decision that came to the same again. */
  readonly onEqual: (id: string, count: number) => void;
  /** Throws what ended the replay from outside. */
  readonly throwIfLost: () => void;
  readonly signal: AbortSignal;
  /** Between two looks; by default 200. */
  readonly lookMilliseconds?: number;
};

const defaultLookMilliseconds = 200;
/** Two minutes without a decision: nothing is trained in a replay. */
const mostLooksWithoutOne = 600;

/**
 * Compares a replay while it runs, in the order of decisions, and ends at its end or at the first divergence: what follows
 * from another decision tells nothing. A question without a recorded answer holds up the experiment that asks it alone: what
 * was begun before that has its answers, and is waited for.
 */
export async function followReplay(options: FollowOptions): Promise<Followed> {
  const { recorded, laboratory, onEqual, signal, lookMilliseconds = defaultLookMilliseconds } = options;
  const replayed: Decision[] = [];
  const beforeEnd = recorded.filter((one) => !isVerdict(one));
  let looksWithoutOne = 0;
  for (;;) {
    // Before the look at the decisions: what it ended with is then there to be seen.
    const campaign = await laboratory.state();
    for (let next = beforeEnd[replayed.length]; next; next = beforeEnd[replayed.length]) {
      const found = await laboratory.decision(next.id);
      if (found === null) break;
      replayed.push(found);
      looksWithoutOne = 0;
      const divergence = divergenceIn(next, found);
      if (divergence) return { replayed, equal: replayed.length - 1, divergence };
      onEqual(next.id, replayed.length);
    }
    if (campaign && (campaign.state !== 'running' || (await isOver(beforeEnd[replayed.length]))))
      return ended(recorded, await options.decisions());
    options.throwIfLost();
    await sleep(lookMilliseconds, undefined, { signal });
  }

  /** Whether a decision is not made any more for want of an answer: to itself, or to another that stands in its way. */
  async function isOver(next: Decision | undefined): Promise<boolean> {
    if (next === undefined) return false;
    if (await laboratory.isStuck(next.id)) return true;
    if (++looksWithoutOne < mostLooksWithoutOne) return false;
    looksWithoutOne = 0;
    return laboratory.isStuck(null);
  }
}

function ended(recorded: readonly Decision[], replayed: readonly Decision[]): Followed {
  const divergence = firstDivergence(recorded, replayed);
  const at = divergence ? recorded.findIndex(({ id }) => id === divergence.id) : -1;
  return { replayed, equal: at < 0 ? recorded.length : at, divergence };
}
