import { z } from 'zod';

const kind = <const T extends string>(name: T) => z.object({ kind: z.literal(name) });

/**
 * A linear-attention token mixer as data: what each part does, not how it is computed. Every genome that the operators
 * (`draw`, `mutate`, `crossover`) return is consistent (see `repair.ts`) and can be emitted as a PyTorch program.
 *
 * Notation: S is the state of one head, a d_k x d_v matrix; k, v, q are the key, value and query of one token.
 */
export const genomeSchema = z.object({
  version: z.literal(1),
  /** Heads relative to the n_heads that the model asks for. */
  heads: z.enum(['half', 'given', 'double']),
  /** A key and a query for each head, or one of twice the width for all of them, as Mamba2's single group of B and C. */
  keys: z.enum(['per-head', 'shared']).default('per-head'),
  /** Width of all keys together (of those per head), and of all values together, relative to d_model. */
  keyExpansion: z.union([z.literal(0.5), z.literal(0.75), z.literal(1)]),
  valueExpansion: z.union([z.literal(0.75), z.literal(1), z.literal(1.25), z.literal(1.5)]),
  /** Depthwise causal convolution of the named streams, before any non-linearity. */
  convolution: z.discriminatedUnion('kind', [
    kind('none'),
    z.object({
      kind: z.literal('depthwise'),
      target: z.enum(['qkv', 'qk', 'kv', 'v', 'input']),
      width: z.union([z.literal(2), z.literal(3), z.literal(4), z.literal(6), z.literal(8)]),
      bias: z.boolean().default(false),
    }),
  ]),
  /** Elementwise (or softmax over d_k) map of queries and keys. */
  featureMap: z.enum(['silu', 'identity', 'elu-plus-one', 'silu-elu-plus-one', 'squared-relu', 'softmax']),
  /** What keeps the scores q.k bounded; `none` leaves it to the norm of the output. */
  normalisation: z.enum(['l2', 'l1', 'scale', 'none', 'denominator']),
  /** Rotary position embedding of queries and keys: of the whole key, of half of it, or none. */
  position: z.enum(['none', 'rotary-half', 'rotary']),
  valueMap: z.enum(['identity', 'silu', 'rms']),
  decay: z.discriminatedUnion('kind', [
    kind('none'),
    /** RetNet's 1 - 1/horizon, the horizon doubling from head to head. */
    z.object({ kind: z.literal('fixed'), horizon: z.union([z.literal(8), z.literal(32), z.literal(128)]) }),
    kind('learned'),
    kind('learned-vector'),
    /** Mamba2 and Gated DeltaNet: exp(-exp(A) softplus(W x + b)). */
    kind('scalar-gated'),
    /** GLA's sigmoid(W x + b)^(1/temperature), one number per head. */
    z.object({ kind: z.literal('sigmoid-gated'), temperature: z.union([z.literal(4), z.literal(16)]) }),
    /** One rate per key channel, from a projection of low rank. */
    z.object({ kind: z.literal('vector-gated'), rank: z.union([z.literal(4), z.literal(16)]) }),
  ]),
  write: z.discriminatedUnion('kind', [
    kind('additive'),
    kind('input-gated'),
    /** Mamba2: the value is scaled by the step size that also sets the decay. */
    kind('step-size'),
    /** HGRN2: what is forgotten makes room for what is written, k (1 - a). */
    kind('complement'),
    z.object({ kind: z.literal('delta'), maxRate: z.union([z.literal(1), z.literal(2)]) }),
    /** Erasing and writing have rates of their own. */
    kind('decoupled-delta'),
    /** One rate per key channel, as RWKV-7's in-context learning rate. */
    kind('channel-delta'),
  ]),
  /** What the current token adds to its own output past the state. */
  skip: z.enum(['none', 'constant', 'bonus', 'gated']),
  directPath: z.enum(['none', 'value', 'running-mean']),
  shortFilter: z.discriminatedUnion('kind', [
    kind('none'),
    z.object({ kind: z.literal('fir'), width: z.union([z.literal(3), z.literal(5), z.literal(7)]) }),
  ]),
  longFilter: z.discriminatedUnion('kind', [
    kind('none'),
    z.object({ kind: z.literal('fir'), width: z.union([z.literal(16), z.literal(32)]) }),
    z.object({ kind: z.literal('dilated'), dilation: z.union([z.literal(2), z.literal(4), z.literal(8)]) }),
  ]),
  /** How the paths (state, filters, direct path) are combined. `single`: there is only the state. */
  router: z.discriminatedUnion('kind', [
    kind('single'),
    kind('sum'),
    kind('static'),
    z.object({
      kind: z.literal('softmax'),
      features: z.enum(['input', 'statistics']),
      temperature: z.enum(['one', 'per-head']),
      floor: z.union([z.literal(0), z.literal(0.02), z.literal(0.1)]),
    }),
    z.object({ kind: z.literal('sigmoid'), floor: z.union([z.literal(0), z.literal(0.02), z.literal(0.1)]) }),
    z.object({
      kind: z.literal('hierarchical'),
      temperature: z.enum(['one', 'per-head']),
      floor: z.union([z.literal(0), z.literal(0.02), z.literal(0.1)]),
    }),
  ]),
  outputNorm: z.enum(['rms-head', 'layer-head', 'rms-full', 'none']),
  outputGate: z.enum(['none', 'silu', 'sigmoid', 'low-rank', 'head', 'silu-before-norm']),
});

export type Genome = Readonly<z.infer<typeof genomeSchema>>;
