import type { Genome } from '../genome.ts';
import { pathsOf } from '../parameters.ts';
import type { Fragment } from './fragment.ts';

/** Variables that hold the paths, in the router's order. */
const pathVariables = (genome: Genome): string[] =>
  pathsOf(genome).map((path) => {
    if (path !== 'direct') return path;
    return genome.directPath === 'value' ? 'v' : 'mean';
  });

const weighted = (variables: readonly string[]): string =>
  variables.map((name, index) => `weight[${index}] * ${name}`).join(' + ');

/** Logits per token, head and path; at the start the state is favoured and nothing depends on the token. */
const logitLines = (biases: readonly number[]): string[] => [
  `self.router = nn.Linear(d_model, ${biases.length} * heads)`,
  'nn.init.zeros_(self.router.weight)',
  `self.router.bias.data.copy_(torch.tensor([${biases.map((bias) => bias.toFixed(1)).join(', ')}]).repeat(heads))`,
];

const temperatureInit = 'self.sharpness = nn.Parameter(torch.zeros(heads, 1, 1))  # log of the inverse temperature';

/** `weight`: one [B,H,T,1] per path, none below the floor; `paths` shares of a whole, or 1 for gates on their own. */
const weightLine = (shares: string, floor: number, paths: number): string =>
  floor === 0
    ? `weight = ${shares}.split(1, -1)  # one [B,H,T,1] per path`
    : `weight = (${floor} + ${Number((1 - paths * floor).toFixed(2))} * ${shares}).split(1, -1)  # floor ${floor}`;

function softmaxRouter(genome: Genome, router: Extract<Genome['router'], { kind: 'softmax' }>): Fragment {
  const variables = pathVariables(genome);
  const paths = variables.length;
  const init = logitLines(variables.map((_, index) => (index === 0 ? 1 : 0)));
  const forward = [`logits = into_heads(self.router(x), self.heads)  # [B,H,T,${paths}]`];
  if (router.features === 'statistics') {
    init.push(`self.from_statistics = nn.Linear(${2 * paths}, ${paths}, bias=False)`);
    forward.push(
      `paths = torch.stack((${variables.join(', ')}), -2)  # [B,H,T,${paths},d_v]`,
      'statistics = torch.cat((paths.mean(-1), (paths.square().mean(-1) + 1e-6).sqrt()), -1)',
      'logits = logits + self.from_statistics(statistics)',
    );
  }
  if (router.temperature === 'per-head') {
    init.push(temperatureInit);
    forward.push('logits = logits * self.sharpness.exp()');
  }
  forward.push(weightLine('logits.softmax(-1)', router.floor, paths), `o = ${weighted(variables)}`);
  return { init, forward };
}

function hierarchicalRouter(genome: Genome, router: Extract<Genome['router'], { kind: 'hierarchical' }>): Fragment {
  const variables = pathVariables(genome);
  const direct = variables.at(-1) ?? 'v';
  const contexts = variables.slice(0, -1);
  const sharpen = router.temperature === 'per-head' ? ' * self.sharpness.exp()' : '';
  const copy = router.floor === 0 ? 'logits[..., -1:].sigmoid()' : `${1 - router.floor} * logits[..., -1:].sigmoid()`;
  return {
    init: [
      ...logitLines(variables.map((_, index) => (index === 0 ? 1 : index === variables.length - 1 ? -1 : 0))),
      ...(sharpen === '' ? [] : [temperatureInit]),
    ],
    forward: [
      `logits = into_heads(self.router(x), self.heads)  # [B,H,T,${variables.length}]`,
      `# First how much to copy, then how the rest is shared by the context paths.`,
      `copy = ${copy}`,
      `context = logits[..., :-1]${sharpen}`,
      weightLine('context.softmax(-1)', router.floor, contexts.length),
      `o = copy * ${direct} + (1 - copy) * (${weighted(contexts)})`,
    ],
  };
}

/** The combination of the paths: `o` [B,H,T,d_v]. */
export function emitRouter(genome: Genome): Fragment {
  const { router } = genome;
  const variables = pathVariables(genome);
  switch (router.kind) {
    case 'single':
      return { forward: ['o = memory'] };
    case 'sum':
      return {
        init: [`self.gain = nn.Parameter(torch.ones(${variables.length}, heads, 1, self.value_dim))`],
        forward: [`o = ${variables.map((name, index) => `self.gain[${index}] * ${name}`).join(' + ')}`],
      };
    case 'static':
      return {
        init: [
          `self.share = nn.Parameter(torch.tensor([${variables.map((_, i) => (i === 0 ? '1.0' : '0.0')).join(', ')}]).repeat(heads, 1))`,
        ],
        forward: [
          'weight = self.share.softmax(-1).unsqueeze(1).split(1, -1)  # one [H,1,1] per path',
          `o = ${weighted(variables)}`,
        ],
      };
    case 'sigmoid':
      return {
        init: logitLines(variables.map((_, index) => (index === 0 ? 1 : 0))),
        forward: [
          `logits = into_heads(self.router(x), self.heads)  # [B,H,T,${variables.length}]`,
          weightLine('logits.sigmoid()', router.floor, 1),
          `o = ${weighted(variables)}`,
        ],
      };
    case 'softmax':
      return softmaxRouter(genome, router);
    case 'hierarchical':
      return hierarchicalRouter(genome, router);
  }
}
