import type { Genome } from '../genome.ts';
import type { Fragment } from './fragment.ts';
import type { HelperName } from './helpers.ts';

const identityFilter = (name: string, width: number): string[] => [
  `self.${name} = nn.Parameter(0.02 * torch.randn(${width}, value_width))`,
  `self.${name}.data[-1] += 1.0`,
];

const filtered = (taps: string): string => `into_heads(causal_convolution(tokens, ${taps}), self.heads)`;

/** The paths beside the state, all [B,H,T,d_v], computed from the values. */
export function emitPaths({ shortFilter, longFilter, directPath }: Genome): Fragment {
  const helpers: HelperName[] = [];
  const init: string[] = [];
  const forward: string[] = [];
  if (shortFilter.kind === 'fir') {
    init.push(...identityFilter('short_taps', shortFilter.width));
    forward.push(`short = ${filtered('self.short_taps')}`);
  }
  if (longFilter.kind === 'fir') {
    init.push(...identityFilter('long_taps', longFilter.width));
    forward.push(`long = ${filtered('self.long_taps')}`);
  }
  if (longFilter.kind === 'dilated') {
    init.push(...identityFilter('long_taps', 4));
    forward.push(`long = ${filtered(`self.long_taps, dilation=${longFilter.dilation}`)}`);
  }
  if (forward.length > 0) {
    helpers.push('causal_convolution', 'into_heads');
    forward.unshift('tokens = v.transpose(1, 2).flatten(2)  # [B,T,H*d_v]');
  }
  if (directPath === 'running-mean') {
    helpers.push('running_mean');
    forward.push('mean = running_mean(v)');
  }
  if (init.length > 0) init.unshift('# Filters start as the identity: the present tap is 1, the past ones are noise.');
  return { helpers, init, forward };
}
