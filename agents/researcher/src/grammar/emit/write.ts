import type { Genome } from '../genome.ts';
import { channelRateRank } from '../parameters.ts';
import { isDeltaRule } from '../repair.ts';
import { decayShape } from './decay.ts';
import type { Fragment } from './fragment.ts';

/** The rates of writing, as lines before the recurrence, and the names of the rates the recurrence takes. */
function rates({ write }: Genome): { fragment: Fragment; names: readonly string[] } {
  switch (write.kind) {
    case 'additive':
      return { fragment: {}, names: [] };
    case 'input-gated':
      return {
        fragment: {
          init: ['self.input_gate = nn.Linear(d_model, heads, bias=False)'],
          forward: ['k = k * into_heads(self.input_gate(x).sigmoid(), self.heads)'],
        },
        names: [],
      };
    case 'step-size':
      return { fragment: { forward: ['k = k * step.type_as(k)  # discretised input, as in Mamba2'] }, names: [] };
    case 'complement':
      return {
        fragment: { forward: ['k = k * -log_decay.expm1().type_as(k)  # 1 - a: what is forgotten makes room'] },
        names: [],
      };
    case 'delta':
      return {
        fragment: {
          init: ['self.beta = nn.Linear(d_model, heads, bias=False)'],
          forward: [
            write.maxRate === 1
              ? 'beta = into_heads(self.beta(x).sigmoid(), self.heads)'
              : 'beta = 2 * into_heads(self.beta(x).sigmoid(), self.heads)  # above 1 the state is reflected',
          ],
        },
        names: ['beta'],
      };
    case 'decoupled-delta':
      return {
        fragment: {
          init: ['self.rates = nn.Linear(d_model, 2 * heads, bias=False)'],
          forward: ['erase, write = (into_heads(t, self.heads) for t in self.rates(x).sigmoid().chunk(2, -1))'],
        },
        names: ['erase', 'write'],
      };
    case 'channel-delta':
      return {
        fragment: {
          init: [
            `self.rate_down = nn.Linear(d_model, ${channelRateRank}, bias=False)`,
            `self.rate_up = nn.Linear(${channelRateRank}, heads * self.key_dim, bias=False)`,
          ],
          forward: [
            '# Scaling the key scales erasing and writing alike: the transition stays a contraction.',
            'k = k * into_heads(self.rate_up(self.rate_down(x)).sigmoid(), self.heads)',
          ],
        },
        names: [],
      };
  }
}

/** Name of the emitted recurrence. */
export function recurrenceName(genome: Genome): string {
  const rule = isDeltaRule(genome) ? 'delta_rule' : 'linear_attention';
  return { none: `chunkwise_${rule}`, scalar: `chunkwise_decayed_${rule}`, vector: `chunkwise_vector_decayed_${rule}` }[
    decayShape(genome)
  ];
}

/** Rates that the recurrence takes beside q, k, v and the decay. */
export const rateNames = (genome: Genome): readonly string[] => rates(genome).names;

/** The rates and the call of the recurrence: `memory` [B,H,T,d_v] is what is read from the state. */
export function emitMemory(genome: Genome): Fragment {
  const { fragment, names } = rates(genome);
  const decay = decayShape(genome) === 'none' ? [] : ['log_decay'];
  const call = (value: string): string =>
    `${recurrenceName(genome)}(${['q', 'k', value, ...names, ...decay].join(', ')})`;
  const guarded = ['with torch.autocast(x.device.type, enabled=False):  # the state stays in float32'];
  if (genome.normalisation !== 'denominator') {
    return { ...fragment, forward: [...(fragment.forward ?? []), ...guarded, `    memory = ${call('v')}`] };
  }
  // Squared ReLU features can all be zero; the epsilon then bounds the gradient of the quotient.
  const epsilon = genome.featureMap === 'squared-relu' ? '1e-3' : '1e-6';
  const read = [
    'v_and_one = F.pad(v, (0, 1), value=1.0)  # the last column sums the scores',
    ...guarded,
    `    weighted = ${call('v_and_one')}`,
    `memory = weighted[..., :-1] / (weighted[..., -1:] + ${epsilon})`,
  ];
  return { ...fragment, forward: [...(fragment.forward ?? []), ...read] };
}
