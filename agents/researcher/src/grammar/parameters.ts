import type { Genome } from './genome.ts';

export type ModelShape = { readonly dModel: number; readonly nHeads: number };

/** The size at which designs are weighed against DeltaNet: the laptop tier's. Ratios change little with the width. */
const referenceShape: ModelShape = { dModel: 64, nHeads: 2 };

/** Rank of the projections that give delta-rule rates per channel; part of the emitted program. */
export const channelRateRank = 8;

export type HeadShape = {
  heads: number;
  /** Columns that the projection of the keys has; of shared keys those of one. */
  keyWidth: number;
  /** Key channels of all heads together. */
  keyChannels: number;
  valueWidth: number;
  keyDim: number;
  valueDim: number;
};

/** Heads and widths as the emitted program computes them. */
export function headShape(genome: Genome, { dModel, nHeads }: ModelShape): HeadShape {
  const heads = { half: Math.max(1, Math.floor(nHeads / 2)), given: nHeads, double: 2 * nHeads }[genome.heads];
  const shared = genome.keys === 'shared';
  const keyDim = Math.floor(((shared ? 2 : 1) * genome.keyExpansion * dModel) / heads);
  const valueDim = Math.floor((genome.valueExpansion * dModel) / heads);
  const keyChannels = keyDim * heads;
  return {
    heads,
    keyDim,
    valueDim,
    keyWidth: shared ? keyDim : keyChannels,
    keyChannels,
    valueWidth: valueDim * heads,
  };
}

/** The paths that a router combines, in its order; the state is always the first. */
export type PathName = 'memory' | 'short' | 'long' | 'direct';
export function pathsOf(genome: Genome): PathName[] {
  const paths: PathName[] = ['memory'];
  if (genome.shortFilter.kind !== 'none') paths.push('short');
  if (genome.longFilter.kind !== 'none') paths.push('long');
  if (genome.directPath !== 'none') paths.push('direct');
  return paths;
}

function convolutionParameters({ convolution }: Genome, dModel: number, { keyWidth, valueWidth }: HeadShape): number {
  if (convolution.kind === 'none') return 0;
  const channels = {
    qkv: 2 * keyWidth + valueWidth,
    qk: 2 * keyWidth,
    kv: keyWidth + valueWidth,
    v: valueWidth,
    input: dModel,
  }[convolution.target];
  return (convolution.width + (convolution.bias ? 1 : 0)) * channels;
}

function decayParameters({ decay }: Genome, d: number, { heads, keyChannels }: HeadShape): number {
  switch (decay.kind) {
    case 'none':
    case 'fixed':
      return 0;
    case 'learned':
      return heads;
    case 'learned-vector':
      return keyChannels;
    case 'scalar-gated':
      return d * heads + 2 * heads;
    case 'sigmoid-gated':
      return d * heads + heads;
    case 'vector-gated':
      return d * decay.rank + decay.rank * keyChannels + keyChannels;
  }
}

function writeParameters({ write }: Genome, d: number, { heads, keyChannels }: HeadShape): number {
  switch (write.kind) {
    case 'additive':
    case 'step-size':
    case 'complement':
      return 0;
    case 'input-gated':
    case 'delta':
      return d * heads;
    case 'decoupled-delta':
      return 2 * d * heads;
    case 'channel-delta':
      return channelRateRank * (d + keyChannels);
  }
}

function routerParameters(genome: Genome, d: number, { heads, valueWidth }: HeadShape): number {
  const paths = pathsOf(genome).length;
  const { router } = genome;
  const logits = (d + 1) * heads * paths;
  const temperature = 'temperature' in router && router.temperature === 'per-head' ? heads : 0;
  switch (router.kind) {
    case 'single':
      return 0;
    case 'sum':
      return paths * valueWidth;
    case 'static':
      return paths * heads;
    case 'softmax':
      return logits + temperature + (router.features === 'statistics' ? 2 * paths * paths : 0);
    case 'sigmoid':
      return logits;
    case 'hierarchical':
      return logits + temperature;
  }
}

function outputParameters(genome: Genome, d: number, shape: HeadShape): number {
  const { heads, keyChannels, valueWidth, valueDim } = shape;
  const norm = { 'rms-head': valueDim, 'layer-head': 2 * valueDim, 'rms-full': valueWidth, none: 0 }[genome.outputNorm];
  const rank = Math.max(1, Math.floor(d / 8));
  const gate = {
    none: 0,
    silu: (d + 1) * valueWidth,
    sigmoid: d * valueWidth,
    'silu-before-norm': (d + 1) * valueWidth,
    'low-rank': rank * (d + valueWidth),
    head: (d + 1) * heads,
  }[genome.outputGate];
  const skip = { none: 0, constant: heads, bonus: keyChannels, gated: (d + 1) * heads }[genome.skip];
  return norm + gate + skip + valueWidth * d;
}

/** Trainable numbers of the emitted mixer. Exact: a test compares it with PyTorch's count. */
export function parameterCount(genome: Genome, shape: ModelShape = referenceShape): number {
  const d = shape.dModel;
  const head = headShape(genome, shape);
  const short = genome.shortFilter.kind === 'none' ? 0 : genome.shortFilter.width;
  const long = { none: 0, fir: genome.longFilter.kind === 'fir' ? genome.longFilter.width : 0, dilated: 4 }[
    genome.longFilter.kind
  ];
  return (
    d * (2 * head.keyWidth + head.valueWidth) +
    (short + long) * head.valueWidth +
    convolutionParameters(genome, d, head) +
    decayParameters(genome, d, head) +
    writeParameters(genome, d, head) +
    routerParameters(genome, d, head) +
    outputParameters(genome, d, head)
  );
}

/** Parameters relative to DeltaNet's mixer of the same size, 4 d^2 + d H + 12 d + d / H (evaluation of its definition). */
export function parameterRatio(genome: Genome, shape: ModelShape = referenceShape): number {
  const { dModel: d, nHeads: heads } = shape;
  return parameterCount(genome, shape) / (4 * d * d + d * heads + 12 * d + d / heads);
}
