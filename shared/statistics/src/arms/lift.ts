import { type Relabelling, relabellings } from './block-permutations.ts';
import { blockCount, inBlocks } from './partition.ts';

/** Merit of a candidate, in the order of sampling; null of one that gave no result. */
export type Merits = ReadonlyArray<number | null>;

/** A difference in merit, arm minus control, with its 95 % interval. */
export type Lift = { readonly value: number; readonly low: number; readonly high: number };

/** Fewer measured candidates of an arm than this say nothing that an interval could hold. */
export const leastMeasured = 8;

const alpha = 0.05;
const tolerance = 1e-12;
/** Merit lies in [0, 1]. */
const widest = 1;

type Block = { readonly sum: number; readonly count: number; readonly best: number };
/** Blocks of one relabelled arm, those that were the arm's own apart from those of the control. */
type Group = { readonly own: Block; readonly other: Block };
/** What is compared, of a group whose own blocks are lowered by a shift. Nonincreasing in the shift, with a slope of -1 at the steepest. */
type Statistic = (group: Group, shift: number) => number;

/** Mean merit of the candidates that were measured; those without a result are left out. Null when either arm has too few. */
export function meanLift(arm: Merits, control: Merits): Lift | null {
  const [own, other] = [arm, control].map(measuredOf);
  if (!own || !other) return null;
  // Blocks of one length in both arms, however unequal their shares are.
  const fewer = Math.min(own.length, other.length);
  const length = fewer / blockCount(fewer);
  return liftBy(
    blocksOf(own, Math.floor(own.length / length)),
    blocksOf(other, Math.floor(other.length / length)),
    ({ own: a, other: b }, shift) => (a.sum - shift * a.count + b.sum) / (a.count + b.count),
  );
}

/**
 * Largest merit among the first n candidates of each arm, n the number of the arm that has fewer: a candidate without a
 * result takes a place and adds nothing. Null when either arm has too few measured ones among them.
 */
export function bestLift(arm: Merits, control: Merits): (Lift & { readonly candidates: number }) | null {
  const candidates = Math.min(arm.length, control.length);
  const [own, other] = [arm, control].map((merits) => merits.slice(0, candidates));
  if (!own || !other || !measuredOf(own) || !measuredOf(other)) return null;
  const blocks = blockCount(candidates);
  const lift = liftBy(blocksOf(own, blocks), blocksOf(other, blocks), ({ own: a, other: b }, shift) =>
    Math.max(a.best - shift, b.best),
  );
  return { ...lift, candidates };
}

const measuredOf = (merits: Merits): number[] | null => {
  const measured = merits.filter((one) => one !== null);
  return measured.length < leastMeasured ? null : measured;
};

const blocksOf = (merits: Merits, blocks: number): Block[] =>
  inBlocks(merits, blocks).map((block) => {
    const measured = block.filter((one) => one !== null);
    return {
      sum: measured.reduce((sum, one) => sum + one, 0),
      count: measured.length,
      best: Math.max(Number.NEGATIVE_INFINITY, ...measured),
    };
  });

/**
 * The difference of a statistic between two arms, and all shifts of merit that a permutation test does not refuse at 5 %:
 * "the arm's designs are like the control's, each better by this shift" (Pitman, JRSS Supplement 4, 1937; Ernst,
 * "Permutation Methods: A Basis for Exact Inference", Statistical Science 19, 2004). Every relabelled arm is treated as the
 * real one, so picking the best of many noisy numbers is in the interval as it is in the difference.
 *
 * L1: whole blocks of consecutive candidates change places and not single ones, because neighbours descend from the same
 *     parents: exchanging them one by one would take a lucky lineage for proof.
 * L2: what a relabelling gains over the labelling as it is grows with the shift, so each excludes one half-line of shifts,
 *     and the interval is read off the sorted ends of these.
 */
function liftBy(own: readonly Block[], other: readonly Block[], statistic: Statistic): Lift {
  const blocks = [...own, ...other];
  const isOwn = blocks.map((_, place) => place < own.length);
  const difference = (labels: Relabelling) => {
    const [arm, control] = [groupOf(blocks, isOwn, labels, true), groupOf(blocks, isOwn, labels, false)];
    return (shift: number) => statistic(arm, shift) - statistic(control, shift);
  };
  const observed = difference(isOwn);
  const gains = relabellings(own.length, other.length).map((labels) => {
    const relabelled = difference(labels);
    return (shift: number) => relabelled(shift) - observed(shift);
  });
  const excluded = Math.floor((alpha / 2) * gains.length);
  const lows = gains.map((gain) => firstShift((shift) => gain(shift) >= -tolerance)).sort((a, b) => a - b);
  const highs = gains.map((gain) => firstShift((shift) => gain(shift) > tolerance)).sort((a, b) => b - a);
  return { value: observed(0), low: lows[excluded] ?? -widest, high: highs[excluded] ?? widest };
}

function groupOf(blocks: readonly Block[], isOwn: readonly boolean[], labels: Relabelling, label: boolean): Group {
  const of = (own: boolean): Block => {
    let [sum, count, best] = [0, 0, Number.NEGATIVE_INFINITY];
    for (const [place, block] of blocks.entries()) {
      if (labels[place] !== label || isOwn[place] !== own) continue;
      sum += block.sum;
      count += block.count;
      best = Math.max(best, block.best);
    }
    return { sum, count, best };
  };
  return { own: of(true), other: of(false) };
}

/** The smallest shift from which on a condition holds, in [-1, 1] and to a thousandth of a thousandth; 1 where it never does. */
function firstShift(holds: (shift: number) => boolean): number {
  if (holds(-widest)) return -widest;
  let [low, high] = [-widest, widest];
  for (let halving = 0; halving < 21; halving++) {
    const middle = (low + high) / 2;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}
