import type { Genome } from '../genome.ts';
import type { Fragment } from './fragment.ts';
import type { HelperName } from './helpers.ts';

const identityFilter = (name: string, width: number): string[] => [
  `self.${name} = nn.Parameter(0.02 * torch.randn(${width}, heads, __, self.value_dim))`,
  `self.${name}.data[-1] += 1.0`,
];

/** The paths beside the state, all [B,H,T,d_v], computed from the values. */
export function emitPaths({ shortFilter, longFilter, directPath }: Genome): Fragment {
  const helpers: HelperName[] = [];
  const init: string[] = [];
  const forward: string[] = [];
  if (shortFilter.kind === 'fir') {
    helpers.push('causal_convolution');
    init.push(...identityFilter('short_taps', shortFilter.width).map((line) => line.replace('__', '1')));
    forward.push('short = causal_convolution(v, self.short_taps)');
  }
  if (longFilter.kind === 'fir') {
    helpers.push('long_convolution');
    init.push(...identityFilter('long_taps', longFilter.width).map((line) => line.replace('__, ', '')));
    forward.push('long = long_convolution(v, self.long_taps)');
  }
  if (longFilter.kind === 'dilated') {
    helpers.push('dilated_convolution');
    init.push(...identityFilter('long_taps', 4).map((line) => line.replace('__', '1')));
    forward.push(`long = dilated_convolution(v, self.long_taps, dilation=${longFilter.dilation})`);
  }
  if (directPath === 'running-mean') {
    helpers.push('running_mean');
    forward.push('mean = running_mean(v)');
  }
  if (init.length > 0) init.unshift('# Filters start as the identity: the present tap is 1, the past ones are noise.');
  return { helpers, init, forward };
}
