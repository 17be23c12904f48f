import type { Genome } from '../genome.ts';
import type { Fragment } from './fragment.ts';
import type { HelperName } from './helpers.ts';

const split = '.split(self.widths, -1)';
const widths = 'self.widths = (key_width, key_width, value_width)  # of q, k and v';

/** One projection for each group of streams that is convolved (or not) together. */
const projections = {
  qkv: {
    init: [widths, 'self.qkv = nn.Linear(d_model, 2 * key_width + value_width, bias=False)'],
    forward: (convolved: Convolved) => [`q, k, v = ${convolved('self.qkv(x)')}${split}`],
    channels: '2 * key_width + value_width',
  },
  qk: {
    init: [
      'self.qk = nn.Linear(d_model, 2 * key_width, bias=False)',
      'self.value = nn.Linear(d_model, value_width, bias=False)',
    ],
    forward: (convolved: Convolved) => [`q, k = ${convolved('self.qk(x)')}.chunk(2, -1)`, 'v = self.value(x)'],
    channels: '2 * key_width',
  },
  kv: {
    init: [
      'self.widths = (key_width, value_width)  # of k and v',
      'self.query = nn.Linear(d_model, key_width, bias=False)',
      'self.kv = nn.Linear(d_model, key_width + value_width, bias=False)',
    ],
    forward: (convolved: Convolved) => [
      'q = self.query(x)',
      `k, v = ${convolved('self.kv(x)')}.split(self.widths, -1)`,
    ],
    channels: 'key_width + value_width',
  },
  v: {
    init: [
      'self.qk = nn.Linear(d_model, 2 * key_width, bias=False)',
      'self.value = nn.Linear(d_model, value_width, bias=False)',
    ],
    forward: (convolved: Convolved) => ['q, k = self.qk(x).chunk(2, -1)', `v = ${convolved('self.value(x)')}`],
    channels: 'value_width',
  },
} as const;

type Convolved = (projected: string) => string;

/** Projections of the input to queries, keys and values, and the short convolution. */
export function emitProjections({ convolution }: Genome): Fragment {
  const { qkv } = projections;
  if (convolution.kind === 'none') return { init: qkv.init, forward: qkv.forward((projected) => projected) };
  if (convolution.target === 'input') {
    return {
      helpers: ['causal_convolution'],
      init: [
        '# Starts as the identity: the present tap is 1, the past ones are noise.',
        `self.convolution = nn.Parameter(0.02 * torch.randn(${convolution.width}, d_model))`,
        'self.convolution.data[-1] += 1.0',
        ...(convolution.bias ? ['self.convolution_bias = nn.Parameter(torch.zeros(d_model))'] : []),
        ...qkv.init,
      ],
      forward: [
        `x = causal_convolution(x, self.convolution)${convolution.bias ? ' + self.convolution_bias' : ''}`,
        ...qkv.forward((projected) => projected),
      ],
    };
  }
  const { init, forward, channels } = projections[convolution.target];
  const bound = `1 / math.sqrt(${convolution.width})`;
  const draw = (name: string): string => `nn.init.uniform_(self.${name}, -${bound}, ${bound})`;
  const bias = convolution.bias
    ? [`self.convolution_bias = nn.Parameter(torch.empty(${channels}))`, draw('convolution_bias')]
    : [];
  return {
    helpers: ['causal_convolution'],
    init: [
      ...init,
      `self.convolution = nn.Parameter(torch.empty(${convolution.width}, ${channels}))`,
      draw('convolution'),
      ...bias,
    ],
    forward: convolution.bias ? withBias(forward) : forward(convolvedAlone),
  };
}

const convolvedAlone: Convolved = (projected) => `causal_convolution(${projected}, self.convolution)`;

/** The same lines, with the convolution and its bias on a line of their own before them. */
function withBias(forward: (convolved: Convolved) => readonly string[]): string[] {
  const before: string[] = [];
  const lines = forward((projected) => {
    before.push(`mixed = ${convolvedAlone(projected)} + self.convolution_bias`);
    return 'mixed';
  });
  return [...before, ...lines];
}

const maps = {
  silu: 'F.silu(x)',
  identity: 'x',
  'elu-plus-one': 'F.elu(x) + 1',
  'silu-elu-plus-one': 'F.elu(F.silu(x)) + 1',
  'squared-relu': 'F.relu(x).square()',
  softmax: 'x.softmax(-1)',
} as const;

const mapWords = {
  silu: 'SiLU',
  identity: 'The projection itself',
  'elu-plus-one': 'elu + 1, which is positive',
  'silu-elu-plus-one': 'elu + 1 of SiLU: positive, never near zero',
  'squared-relu': 'Squared ReLU, which is sparse',
  softmax: 'Softmax over the channels: a soft address',
} as const;

/** Feature map and normalisation of queries and keys, their positions, and the map of the values. */
export function emitFeatures(genome: Genome): Fragment {
  const helpers: HelperName[] = ['into_heads'];
  const definitions: string[] = [];
  const shared = genome.keys === 'shared';
  const forward = shared
    ? ['q, k, v = into_heads(q, 1), into_heads(k, 1), into_heads(v, self.heads)']
    : ['q, k, v = (into_heads(t, self.heads) for t in (q, k, v))'];
  const mapped = maps[genome.featureMap];
  const normalised = genome.normalisation === 'l2' || genome.normalisation === 'l1';
  if (normalised) {
    const normalise = genome.normalisation === 'l2' ? 'l2_normalize' : 'l1_normalize';
    helpers.push(normalise);
    const length = genome.normalisation === 'l2' ? 'unit length' : 'unit absolute sum';
    definitions.push(`def feature_map(x: Tensor) -> Tensor:
    """${mapWords[genome.featureMap]}, then ${length} per head; [B,H,T,d_k]."""
    return ${normalise}(${mapped})`);
  } else if (genome.featureMap !== 'identity') {
    definitions.push(`def feature_map(x: Tensor) -> Tensor:
    """${mapWords[genome.featureMap]}; [B,H,T,d_k]."""
    return ${mapped}`);
  }
  if (definitions.length > 0) forward.push('q, k = feature_map(q), feature_map(k)');
  // With unit keys the scale only sets how much the epsilon of a norm after it weighs; without a norm it would only shrink.
  const scaled = genome.normalisation === 'scale' || (genome.normalisation === 'l2' && genome.outputNorm !== 'none');
  if (scaled) forward.push('q = q * q.shape[-1] ** -0.5');
  if (genome.position !== 'none') {
    helpers.push('rotary');
    const pairs = genome.position === 'rotary' ? 'q.shape[-1] // 2' : 'q.shape[-1] // 4';
    forward.push(`pairs = ${pairs}`, 'q, k = rotary(q, pairs), rotary(k, pairs)');
  }
  if (shared) forward.push('q, k = (t.expand(-1, self.heads, -1, -1) for t in (q, k))  # the same for all heads');
  if (genome.valueMap === 'silu') forward.push('v = F.silu(v)');
  if (genome.valueMap === 'rms') {
    helpers.push('rms_normalize');
    forward.push('v = rms_normalize(v)');
  }
  return { helpers, definitions, forward };
}
