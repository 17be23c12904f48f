import type { Genome } from './genome.ts';
import { genomeHash } from './genome-hash.ts';

const writeWord = {
  additive: 'linear',
  'input-gated': 'input-gated',
  'step-size': 'state-space',
  complement: 'complementary',
  delta: 'delta',
  'decoupled-delta': 'decoupled-delta',
  'channel-delta': 'channel-delta',
} as const;

const decayWord = {
  none: '',
  fixed: 'fixed-decay',
  learned: 'learned-decay',
  'learned-vector': 'static-vector-decay',
  'scalar-gated': 'gated-decay',
  'sigmoid-gated': 'sigmoid-decay',
  'vector-gated': 'vector-decay',
} as const;

const routerWord = {
  single: '',
  sum: 'sum',
  static: 'static-mix',
  softmax: 'softmax-router',
  sigmoid: 'sigmoid-gates',
  hierarchical: 'two-stage-router',
} as const;

function pathWords({ shortFilter, longFilter, directPath }: Genome): string[] {
  const direct = { none: [], value: ['copy'], 'running-mean': ['mean'] }[directPath];
  if (shortFilter.kind !== 'none' && longFilter.kind !== 'none') return ['multiscale-fir', ...direct];
  if (shortFilter.kind !== 'none') return ['short-fir', ...direct];
  if (longFilter.kind === 'dilated') return ['dilated-fir', ...direct];
  return longFilter.kind === 'fir' ? ['long-fir', ...direct] : direct;
}

/** A readable name, the same for the same genome: its main parts, and four digits of its hash. */
export function nameOf(genome: Genome): string {
  const { write, router } = genome;
  const reflecting = write.kind === 'delta' && write.maxRate === 2 ? ['reflecting'] : [];
  const seeing = router.kind === 'softmax' && router.features === 'statistics' ? ['statistics-router'] : null;
  return [
    ...reflecting,
    writeWord[write.kind],
    decayWord[genome.decay.kind],
    ...pathWords(genome),
    ...(seeing ?? [routerWord[router.kind]]),
    genomeHash(genome).slice(0, 4),
  ]
    .filter((word) => word !== '')
    .join('-');
}
