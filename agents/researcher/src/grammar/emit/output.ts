import type { Genome } from '../genome.ts';
import type { Fragment } from './fragment.ts';

/** What the current token adds past the state and the router. */
export function emitSkip({ skip }: Genome): Fragment {
  switch (skip) {
    case 'none':
      return {};
    case 'constant':
      return {
        init: ['self.skip = nn.Parameter(torch.ones(heads, 1, 1))'],
        forward: ['o = o + self.skip * v'],
      };
    case 'bonus':
      return {
        init: ['self.bonus = nn.Parameter(torch.full((heads, 1, self.key_dim), 0.5))'],
        forward: ['o = o + (q * self.bonus * k).sum(-1, keepdim=True) * v  # the present token by its own score'],
      };
    case 'gated':
      return {
        init: [
          'self.skip = nn.Linear(d_model, heads)',
          'nn.init.zeros_(self.skip.weight)',
          'nn.init.constant_(self.skip.bias, -2.0)  # starts small',
        ],
        forward: ['o = o + into_heads(self.skip(x).sigmoid(), self.heads) * v'],
      };
  }
}

const normInit = {
  'rms-head': ['self.norm = nn.RMSNorm(self.value_dim, eps=1e-5)'],
  'layer-head': ['self.norm = nn.LayerNorm(self.value_dim, eps=1e-5, bias=True)'],
  'rms-full': ['self.norm = nn.RMSNorm(value_width, eps=1e-5)'],
  none: [],
} as const;

const fullGate = 'self.gate = nn.Linear(d_model, value_width, bias=False)';

/** A gate that starts with random signs keeps recall from being learnt in few steps (measured); this one starts at one. */
const openGate = [
  'self.gate = nn.Linear(d_model, value_width)',
  'nn.init.normal_(self.gate.weight, std=0.02)',
  'nn.init.constant_(self.gate.bias, 1.2785)  # silu(1.2785) = 1: starts open',
];

const gateInit = {
  none: [],
  silu: openGate,
  sigmoid: [fullGate],
  'silu-before-norm': openGate,
  'low-rank': [
    'rank = max(1, d_model // 8)',
    'self.gate_down = nn.Linear(d_model, rank, bias=False)',
    'self.gate_up = nn.Linear(rank, value_width, bias=False)',
  ],
  head: ['self.gate = nn.Linear(d_model, heads)', 'nn.init.zeros_(self.gate.weight)', 'nn.init.zeros_(self.gate.bias)'],
} as const;

/** Norm, gate and output projection; per-head steps come before the heads are joined. */
export function emitOutput({ outputNorm, outputGate }: Genome): Fragment {
  const forward: string[] = [];
  if (outputGate === 'silu-before-norm') forward.push('o = o * into_heads(F.silu(self.gate(x)), self.heads)');
  if (outputNorm === 'rms-head' || outputNorm === 'layer-head') forward.push('o = self.norm(o)');
  if (outputGate === 'head' && outputNorm !== 'rms-full') {
    forward.push('o = 2 * into_heads(self.gate(x).sigmoid(), self.heads) * o');
  }
  forward.push('y = o.transpose(1, 2).flatten(2)  # [B,T,H*d_v]');
  if (outputNorm === 'rms-full') forward.push('y = self.norm(y)');
  if (outputGate === 'head' && outputNorm === 'rms-full') {
    forward.push('y = y * 2 * self.gate(x).sigmoid().repeat_interleave(self.value_dim, -1)');
  }
  if (outputGate === 'silu') forward.push('y = y * F.silu(self.gate(x))');
  if (outputGate === 'sigmoid') forward.push('y = y * self.gate(x).sigmoid()');
  if (outputGate === 'low-rank') forward.push('y = y * 2 * self.gate_up(self.gate_down(x)).sigmoid()');
  return {
    init: [...normInit[outputNorm], ...gateInit[outputGate], 'self.out = nn.Linear(value_width, d_model, bias=False)'],
    forward: [...forward, 'return self.out(y)'],
  };
}
