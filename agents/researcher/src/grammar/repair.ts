import { baselineGenomes } from './baseline-genomes.ts';
import type { Genome } from './genome.ts';
import { parameterRatio, pathsOf } from './parameters.ts';
import { slotOf, slots } from './slots/slots.ts';

/** A genome together with the slots that had to be changed to make its parts fit each other. */
export type Repaired = { readonly genome: Genome; readonly repaired: readonly string[] };

type Fix = readonly [slot: string, label: string];
type Rule = {
  readonly broken: (genome: Genome) => boolean;
  /** In order of preference; the first one whose slot is not protected is applied, the last one if all are. */
  readonly fixes: (genome: Genome) => readonly [Fix, ...Fix[]];
};

/** Mixers are kept between these multiples of DeltaNet's parameters, so that the search is not a search for size. */
export const parameterRange = { low: 0.7, high: 1.4 } as const;

export const isDeltaRule = ({ write }: Genome): boolean =>
  write.kind === 'delta' || write.kind === 'decoupled-delta' || write.kind === 'channel-delta';
const isPositive = ({ featureMap }: Genome): boolean =>
  featureMap.endsWith('elu-plus-one') || featureMap === 'squared-relu' || featureMap === 'softmax';
const isGated = ({ decay }: Genome): boolean => decay.kind.endsWith('-gated');
const isHeadwise = ({ outputNorm }: Genome): boolean => outputNorm === 'rms-head' || outputNorm === 'layer-head';

const narrower: Readonly<Record<number, string>> = { 1.5: '1.25', 1.25: '1', 1: '0.75' };

const rules: readonly Rule[] = [
  // 1. The transition I - beta k k^T is a contraction only for keys of at most unit length.
  {
    broken: (g) => isDeltaRule(g) && g.normalisation !== 'l2' && g.normalisation !== 'l1',
    fixes: () => [
      ['normalisation', 'l2'],
      ['write', 'additive'],
    ],
  },
  // 2. A sum of scores is a denominator only if no score can be negative; a rotation makes some negative.
  {
    broken: (g) => g.normalisation === 'denominator' && !isPositive(g),
    fixes: () => [
      ['feature-map', 'elu-plus-one'],
      ['normalisation', 'l2'],
    ],
  },
  {
    broken: (g) => g.normalisation === 'denominator' && g.position !== 'none',
    fixes: () => [
      ['position', 'none'],
      ['normalisation', 'l2'],
    ],
  },
  // 3. A norm per head removes any positive factor per head: a denominator before it would do nothing.
  {
    broken: (g) =>
      g.normalisation === 'denominator' && isHeadwise(g) && g.router.kind === 'single' && g.skip === 'none',
    fixes: () => [
      ['output-norm', 'none'],
      ['normalisation', 'scale'],
    ],
  },
  // 4. These writes are defined by the gate of the decay.
  {
    broken: (g) => g.write.kind === 'step-size' && g.decay.kind !== 'scalar-gated',
    fixes: () => [
      ['decay', 'scalar-gated'],
      ['write', 'input-gated'],
    ],
  },
  {
    broken: (g) => g.write.kind === 'complement' && !isGated(g),
    fixes: () => [
      ['decay', 'sigmoid-gated-16'],
      ['write', 'input-gated'],
    ],
  },
  // 5. Additive states grow with the length: something must bound what is read.
  {
    broken: (g) => !isDeltaRule(g) && g.normalisation !== 'denominator' && g.outputNorm === 'none',
    fixes: () => [
      ['output-norm', 'rms-head'],
      ['write', 'delta'],
    ],
  },
  // 6. A router exactly where there is something to route.
  {
    broken: (g) => g.router.kind === 'single' && g.directPath !== 'none',
    fixes: () => [
      ['router', 'softmax'],
      ['direct-path', 'none'],
    ],
  },
  {
    broken: (g) => g.router.kind === 'single' && g.shortFilter.kind !== 'none',
    fixes: () => [
      ['router', 'softmax'],
      ['short-filter', 'none'],
    ],
  },
  {
    broken: (g) => g.router.kind === 'single' && g.longFilter.kind !== 'none',
    fixes: () => [
      ['router', 'softmax'],
      ['long-filter', 'none'],
    ],
  },
  {
    broken: (g) => g.router.kind !== 'single' && pathsOf(g).length === 1,
    fixes: () => [
      ['router', 'single'],
      ['direct-path', 'value'],
      ['short-filter', 'fir-3'],
      ['long-filter', 'fir-16'],
    ],
  },
  {
    broken: (g) => g.router.kind === 'hierarchical' && g.directPath === 'none',
    fixes: () => [
      ['direct-path', 'value'],
      ['router', 'softmax'],
    ],
  },
  {
    broken: (g) => g.router.kind === 'hierarchical' && pathsOf(g).length < 3,
    fixes: () => [
      ['short-filter', 'fir-3'],
      ['long-filter', 'fir-16'],
      ['router', 'softmax'],
    ],
  },
  // 7. Two constant gains on the same value are one.
  {
    broken: (g) => g.skip === 'constant' && g.directPath === 'value' && g.router.kind === 'sum',
    fixes: () => [
      ['skip', 'none'],
      ['router', 'static'],
    ],
  },
  // 8. A gate before the norm needs a norm.
  {
    broken: (g) => g.outputGate === 'silu-before-norm' && g.outputNorm === 'none',
    fixes: () => [
      ['output-norm', 'rms-full'],
      ['output-gate', 'silu'],
    ],
  },
  // 9. Size.
  {
    broken: (g) => parameterRatio(g) > parameterRange.high,
    fixes: (g) => {
      const slimmer: Fix[] = [];
      if (g.valueExpansion > 1) slimmer.push(['value-expansion', narrower[g.valueExpansion] ?? '1']);
      if (g.keyExpansion > 0.5) slimmer.push(['key-expansion', g.keyExpansion === 1 ? '0.75' : '0.5']);
      const [first, ...others] = slimmer;
      return first === undefined ? [['output-gate', 'low-rank']] : [first, ...others, ['output-gate', 'low-rank']];
    },
  },
  {
    broken: (g) => parameterRatio(g) < parameterRange.low,
    fixes: (g) => [
      ['value-expansion', g.valueExpansion < 1 ? '1' : '1.25'],
      ['key-expansion', '0.75'],
      ['keys', 'per-head'],
    ],
  },
];

/** Fixes feed other rules (a changed router may leave a floor behind), but never in circles of this length. */
const mostFixes = 24;

/**
 * The nearest consistent genome: rules are applied until none is broken. Deterministic. Slots named in `keep` are
 * changed only where no other fix exists, so that a mutation survives its repair.
 */
export function repair(genome: Genome, keep: readonly string[] = []): Repaired {
  let current = genome;
  const repaired = new Set<string>();
  for (let count = 0; count < mostFixes; count++) {
    const rule = rules.find(({ broken }) => broken(current));
    if (rule === undefined) return { genome: current, repaired: [...repaired] };
    const fixes = rule.fixes(current);
    // A slot that was repaired before is left alone if possible: two rules must not undo each other for ever.
    const free = fixes.find(([slot]) => !keep.includes(slot) && !repaired.has(slot));
    const [slot, label] = free ?? fixes.find(([name]) => !repaired.has(name)) ?? fixes[0];
    current = slotOf(slot).write(current, label);
    repaired.add(slot);
  }
  return towardsDeltaNet(current, repaired);
}

/**
 * Where the rules undo each other (a part that is too wide under one and too narrow under the next), part after part of
 * DeltaNet takes the place of what does not fit. DeltaNet is consistent, so this ends.
 */
function towardsDeltaNet(genome: Genome, repaired: ReadonlySet<string>): Repaired {
  let current = genome;
  const replaced = new Set(repaired);
  for (const slot of slots) {
    const label = slot.read(baselineGenomes['delta-net']);
    if (label === null || slot.read(current) === label) continue;
    current = slot.write(current, label);
    replaced.add(slot.name);
    if (isConsistent(current)) break;
  }
  return { genome: current, repaired: [...replaced] };
}

/** Whether the parts of the genome fit each other. */
export const isConsistent = (genome: Genome): boolean => !rules.some(({ broken }) => broken(genome));
