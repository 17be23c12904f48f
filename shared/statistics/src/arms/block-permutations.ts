import { seededRandom } from '@asi/contracts';

/** Which of `own + other` blocks a relabelling gives to the arm, its own blocks first; the others go to the control. */
export type Relabelling = readonly boolean[];

const most = 1000;
const known = new Map<string, readonly Relabelling[]>();

/**
 * Relabellings of blocks that keep how many each arm has: all of them where they are at most 1000, otherwise 1000, drawn
 * with a fixed seed so that a report can be made again. The first one is the labelling as it is: with it among them, a
 * test by drawn relabellings is as exact as one by all (Phipson and Smyth, "Permutation P-values Should Never Be Zero",
 * Statistical Applications in Genetics and Molecular Biology 9, 2010).
 */
export function relabellings(own: number, other: number): readonly Relabelling[] {
  const key = `${own}/${other}`;
  const made = known.get(key) ?? (choose(own + other, own) <= most ? all(own, other) : drawn(own, other));
  known.set(key, made);
  return made;
}

function all(own: number, other: number): Relabelling[] {
  if (own === 0 || other === 0) return [Array.from({ length: own + other }, () => own > 0)];
  return [
    ...all(own - 1, other).map((rest) => [true, ...rest]),
    ...all(own, other - 1).map((rest) => [false, ...rest]),
  ];
}

function drawn(own: number, other: number): Relabelling[] {
  const random = seededRandom('relabellings', own, other);
  const asItIs = Array.from({ length: own + other }, (_, place) => place < own);
  const shuffled = (): boolean[] => {
    const labels = [...asItIs];
    for (let last = labels.length - 1; last > 0; last--) {
      const one = random.below(last + 1);
      [labels[last], labels[one]] = [labels[one] === true, labels[last] === true];
    }
    return labels;
  };
  return [asItIs, ...Array.from({ length: most - 1 }, shuffled)];
}

const choose = (n: number, k: number): number =>
  Array.from({ length: k }, (_, i) => (n - i) / (k - i)).reduce((product, factor) => product * factor, 1);
