import type { Genome } from './genome.ts';

const deltaNet: Genome = {
  version: 1,
  heads: 'given',
  keys: 'per-head',
  keyExpansion: 1,
  valueExpansion: 1,
  convolution: { kind: 'depthwise', target: 'qkv', width: 4, bias: false },
  featureMap: 'silu',
  normalisation: 'l2',
  position: 'none',
  valueMap: 'silu',
  decay: { kind: 'none' },
  write: { kind: 'delta', maxRate: 1 },
  skip: 'none',
  directPath: 'none',
  shortFilter: { kind: 'none' },
  longFilter: { kind: 'none' },
  router: { kind: 'single' },
  outputNorm: 'rms-head',
  outputGate: 'none',
};

/**
 * Genomes of the trainer's baselines, by their built-in names, so that a baseline can be a parent. Each computes what
 * the built-in computes (a test loads the weights of one into the other), so that a child differs by its changes only.
 */
export const baselineGenomes = {
  'delta-net': deltaNet,
  'gated-delta-net': { ...deltaNet, decay: { kind: 'scalar-gated' }, outputGate: 'silu' },
  mamba2: {
    ...deltaNet,
    keys: 'shared',
    convolution: { kind: 'depthwise', target: 'qkv', width: 4, bias: true },
    normalisation: 'none',
    decay: { kind: 'scalar-gated' },
    write: { kind: 'step-size' },
    skip: 'constant',
    outputNorm: 'rms-full',
    outputGate: 'silu-before-norm',
  },
  'linear-attention': {
    ...deltaNet,
    featureMap: 'silu-elu-plus-one',
    normalisation: 'denominator',
    write: { kind: 'additive' },
    outputNorm: 'none',
  },
} as const satisfies Record<string, Genome>;
