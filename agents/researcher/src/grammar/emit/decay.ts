import type { Genome } from '../genome.ts';
import type { Fragment } from './fragment.ts';

/** Shape of the decay as the recurrence sees it. */
export type DecayShape = 'none' | 'scalar' | 'vector';

export function decayShape({ decay }: Genome): DecayShape {
  if (decay.kind === 'none') return 'none';
  return decay.kind === 'learned-vector' || decay.kind === 'vector-gated' ? 'vector' : 'scalar';
}

/** `log_decay`: [1 or B,H,T,1] for a decay per head, [1 or B,H,T,d_k] for one per key channel; always <= 0. */
export function emitDecay({ decay }: Genome): Fragment {
  switch (decay.kind) {
    case 'none':
      return {};
    case 'fixed':
      return {
        init: [
          '# Horizons double from head to head (RetNet): a ladder of memory lengths.',
          `horizon = ${decay.horizon}.0 * 2.0 ** torch.arange(heads)`,
          'log_decay = torch.log1p(-1 / horizon).view(1, heads, 1, 1)',
          'self.register_buffer("log_decay", log_decay, persistent=False)',
        ],
        forward: ['log_decay = self.log_decay.expand(1, -1, x.shape[1], 1)'],
      };
    case 'learned':
      return {
        init: ['# Horizons from 8 to 150 tokens.', 'self.decay_logit = nn.Parameter(torch.linspace(2.0, 5.0, heads))'],
        forward: ['log_decay = F.logsigmoid(self.decay_logit).view(1, -1, 1, 1).expand(1, -1, x.shape[1], 1)'],
      };
    case 'learned-vector':
      return {
        init: [
          '# Stratified over the channels of a head: horizons from 2 to 200 tokens.',
          'self.decay_logit = nn.Parameter(torch.linspace(-6.0, -1.0, self.key_dim).repeat(heads, 1))',
        ],
        forward: [
          'log_decay = -MAX_RATE * self.decay_logit.sigmoid()',
          'log_decay = log_decay.view(1, self.heads, 1, -1).expand(1, -1, x.shape[1], -1)',
        ],
      };
    case 'scalar-gated':
      return {
        helpers: ['full_precision'],
        init: [
          'self.step = nn.Linear(d_model, heads, bias=False)',
          '# Stratified over the heads: with few heads a random draw is a lottery between seeds.',
          'self.a_log = nn.Parameter(torch.linspace(1.0, 16.0, heads).log())',
          'self.dt_bias = nn.Parameter(torch.logspace(-1.0, -3.0, heads).expm1().log())',
        ],
        forward: [
          '(step,) = full_precision(self.step(x))',
          'step = into_heads(F.softplus(step + self.dt_bias), self.heads)',
          'log_decay = -self.a_log.exp().view(-1, 1, 1) * step',
        ],
      };
    case 'sigmoid-gated':
      return {
        helpers: ['full_precision'],
        init: [
          'self.decay = nn.Linear(d_model, heads)',
          'nn.init.zeros_(self.decay.weight)',
          'self.decay.bias.data.copy_(torch.linspace(0.0, 3.0, heads))',
        ],
        forward: [
          '(decay,) = full_precision(self.decay(x))',
          `log_decay = into_heads(F.logsigmoid(decay) / ${decay.temperature}.0, self.heads)`,
        ],
      };
    case 'vector-gated':
      return {
        helpers: ['full_precision'],
        init: [
          `self.decay_down = nn.Linear(d_model, ${decay.rank}, bias=False)`,
          `self.decay_up = nn.Linear(${decay.rank}, heads * self.key_dim)`,
          '# Stratified over the channels of a head: horizons from 2 to 200 tokens.',
          'self.decay_up.bias.data.copy_(torch.linspace(-6.0, -1.0, self.key_dim).repeat(heads))',
        ],
        forward: [
          '(decay,) = full_precision(self.decay_up(self.decay_down(x)))',
          'log_decay = into_heads(-MAX_RATE * decay.sigmoid(), self.heads)',
        ],
      };
  }
}
