import type { Genome } from '../genome.ts';
import { isDeltaRule } from '../repair.ts';
import { type DecayShape, decayShape } from './decay.ts';
import type { Fragment } from './fragment.ts';
import { wrap } from './wrap.ts';
import { rateNames, recurrenceName } from './write.ts';

/** Longer chunks mean fewer steps; shorter ones fewer intra-chunk products, and a bounded range of vector decays. */
export const chunkSize = (shape: DecayShape): number => (shape === 'vector' ? 32 : 64);

/** Largest rate of a vector decay per token; with chunks of 32, exp stays within exp(+-32). */
const maxRate = '2.0';

function signature(genome: Genome): string {
  const shape = decayShape(genome);
  const names = ['q', 'k', 'v', ...rateNames(genome), ...(shape === 'none' ? [] : ['log_decay'])];
  return `def ${recurrenceName(genome)}(
    ${names.map((name) => `${name}: Tensor`).join(', ')}
) -> Tensor:`;
}

const decayWords = {
  none: [],
  scalar: ['log_decay [1 or B,H,T,1], never positive'],
  vector: ['log_decay [1 or B,H,T,d_k] in [-MAX_RATE, 0]'],
} as const;

function argumentLines(keys: string, genome: Genome): string {
  const rates = rateNames(genome);
  const parts = [
    keys,
    'v [B,H,T,d_v]',
    ...(rates.length === 0 ? [] : [`${rates.join(', ')} [B,H,T,1]`]),
    ...decayWords[decayShape(genome)],
  ];
  return wrap(`${parts.join('; ')}. Returns o [B,H,T,d_v].`, '    ').replaceAll('\n      ', '\n    ');
}

function preparation(genome: Genome): string {
  const shape = decayShape(genome);
  const rates = rateNames(genome);
  const all = ['q', 'k', 'v', ...rates, ...(shape === 'none' ? [] : ['log_decay'])].join(', ');
  return `    dtype, length = v.dtype, q.shape[2]
    n = -(-length // CHUNK)
    size = -(-length // n)  # n chunks of equal length: the least padding
    ${all} = (
        into_chunks(t, n, size) for t in full_precision(${all})
    )`;
}

/** Lines that turn log_decay into the decay since the start of the chunk, and centre it where it is a vector. */
const decayLines = {
  none: [],
  scalar: ['since_start = log_decay.cumsum(3)', 'relative = relative_decay(since_start)'],
  vector: [
    'since_start = log_decay.cumsum(3)  # in [-MAX_RATE * size, 0]',
    '# exp(G_i - G_j) = exp(G_i + c) exp(-G_j - c): the constant c keeps both factors finite.',
    'centre = MAX_RATE * size / 2',
    'ahead, behind = (since_start + centre).exp(), (-since_start - centre).exp()',
  ],
} as const;

const scoreLine = {
  none: 'scores = (q @ k.mT).tril()',
  scalar: 'scores = (q @ k.mT) * relative',
  vector: 'scores = ((q * ahead) @ (k * behind).mT).tril()',
} as const;

function linearAttention(genome: Genome): string {
  const shape = decayShape(genome);
  const state =
    shape === 'none'
      ? `    # States at the starts of the chunks: what all chunks before have written.
    before = F.pad((k.mT @ v).cumsum(2), (0, 0, 0, 0, 1, -1))
    y = y + q @ before`
      : `    whole = since_start[:, :, :, -1:]
    written = (k * (whole - since_start).exp()).mT @ v  # [B,H,n,d_k,d_v]
    before = states_before(written, whole.exp().mT)
    y = y + (q * since_start.exp()) @ before`;
  return `${signature(genome)}
    """Causal linear attention in chunks: o_t = S_t^T q_t with

        S_t = ${{ none: '', scalar: 'a_t ', vector: 'Diag(a_t) ' }[shape]}S_{t-1} + k_t v_t^T

${argumentLines('q, k [B,H,T,d_k]', genome)}
    """
${preparation(genome)}
${[...decayLines[shape], scoreLine[shape]].map((line) => `    ${line}`).join('\n')}
    y = scores @ v
    if n == 1:
        return y.flatten(2, 3).to(dtype)
${state}
    return y.flatten(2, 3)[:, :, :length].to(dtype)`;
}

/** The rates in front of keys that erase and values that are written. */
function rateFactors(genome: Genome): { erase: string; write: string } {
  const names = rateNames(genome);
  if (names.length === 0) return { erase: '', write: '' };
  return { erase: `${names[0]} * `, write: `${names.at(-1)} * ` };
}

type System = {
  /** Lines before the system. */
  readonly system: readonly string[];
  readonly key: string;
  readonly value: string;
  /** Lines behind its solution. */
  readonly narrowed: readonly string[];
};

const plainSystem = (write: string): System => ({ system: [], key: 'k', value: `${write}v`, narrowed: [] });

/** Near a rate of 2 a key that repeats hands every rounding on undiminished: only there is float64 worth its time. */
function exactSystem(shape: DecayShape): System {
  const wide = { none: [], scalar: ['relative', 'since_start'], vector: ['ahead', 'behind', 'since_start'] }[shape];
  const names = ['solved', ...wide].join(', ');
  return {
    system: [
      '# In float64: near beta = 2 the rounding errors of a key that repeats add up.',
      'exact, written = k.double(), beta * v.double()',
    ],
    key: 'exact',
    value: 'written',
    narrowed: [
      wide.length === 0
        ? 'solved = solved.to(k.dtype)'
        : `${names} = (\n        t.to(k.dtype) for t in (${names})\n    )`,
      scoreLine[shape],
    ],
  };
}

const exactDecayLines = (shape: DecayShape): string[] =>
  decayLines[shape].map((line) => line.replace('log_decay.cumsum(3)', 'log_decay.double().cumsum(3)'));

const isReflecting = ({ write }: Genome): boolean => write.kind === 'delta' && write.maxRate === 2;

const indented = (lines: readonly string[]): string => lines.map((line) => `    ${line}\n`).join('');

function deltaRule(genome: Genome): string {
  const shape = decayShape(genome);
  const { erase, write } = rateFactors(genome);
  const { system, key, value, narrowed } = isReflecting(genome) ? exactSystem(shape) : plainSystem(write);
  const transition = {
    none: `transition = (${erase}${key} @ ${key}.mT).tril(-1)`,
    scalar: `transition = ((${erase}${key}) @ ${key}.mT * relative).tril(-1)`,
    vector: `transition = ((${erase}${key} * ahead) @ (${key} * behind).mT).tril(-1)`,
  }[shape];
  const fromState = shape === 'none' ? `${erase}${key}` : `${erase}${key} * since_start.exp()`;
  const equation = {
    none: 'S_t = (I - e_t k_t k_t^T) S_{t-1} + w_t k_t v_t^T',
    scalar: 'S_t = a_t (I - e_t k_t k_t^T) S_{t-1} + w_t k_t v_t^T',
    vector: 'S_t = (I - e_t k_t k_t^T) Diag(a_t) S_{t-1} + w_t k_t v_t^T',
  }[shape]
    .replaceAll('e_t ', erase === '' ? '' : erase === write ? 'beta_t ' : 'erase_t ')
    .replaceAll('w_t ', write === '' ? '' : erase === write ? 'beta_t ' : 'write_t ');
  const between =
    shape === 'none'
      ? ''
      : `    whole = since_start[:, :, :, -1:]
    kept = whole.exp().mT
    q, k = q * since_start.exp(), k * (whole - since_start).exp()
`;
  const [list, parts, kept] =
    shape === 'none'
      ? ['(q, k, u, w, scores)', 'q_i, k_i, u_i, w_i, scores_i', '']
      : ['(q, k, u, w, scores, kept)', 'q_i, k_i, u_i, w_i, scores_i, kept_i', 'kept_i * '];
  return `${signature(genome)}
    """The delta rule in chunks (WY form, section 3 of arXiv 2406.06484): o_t = S_t^T q_t with

        ${equation}

${argumentLines('q, k [B,H,T,d_k] with |k| <= 1', genome)}
    """
${preparation(genome)}
${indented(isReflecting(genome) ? exactDecayLines(shape) : [...decayLines[shape], scoreLine[shape]])}    # A row writes v minus what earlier rows wrote under similar keys: a triangular system.
${indented([...system, transition])}    right = ${value} if n == 1 else torch.cat((${value}, ${fromState}), -1)
    solved = torch.linalg.solve_triangular(transition, right, upper=False, unitriangular=True)
${indented(narrowed)}    if n == 1:
        return (scores @ solved).flatten(2, 3).to(dtype)
    u, w = solved.split((v.shape[-1], k.shape[-1]), -1)
${between}    state = k.new_zeros(*k.shape[:2], k.shape[-1], v.shape[-1])
    outputs = []
    # unbind, not indexing: the backward pass of n indexings would cost n whole tensors each.
    chunks = zip(*(t.unbind(2) for t in ${list}), strict=True)
    for ${parts} in chunks:
        new = u_i - w_i @ state
        outputs.append(q_i @ state + scores_i @ new)
        state = ${kept}state + k_i.mT @ new
    return torch.cat(outputs, 2)[:, :, :length].to(dtype)`;
}

/** The chunkwise form of the state's recurrence, with only the decay and the rates that the genome has. */
export function emitRecurrence(genome: Genome): Fragment {
  const shape = decayShape(genome);
  const delta = isDeltaRule(genome);
  return {
    helpers: [
      'full_precision',
      'into_chunks',
      ...(shape === 'scalar' ? (['relative_decay'] as const) : []),
      ...(shape !== 'none' && !delta ? (['states_before'] as const) : []),
    ],
    definitions: [delta ? deltaRule(genome) : linearAttention(genome)],
  };
}

/** Module constants of the recurrence. */
export function recurrenceConstants(genome: Genome): string[] {
  const shape = decayShape(genome);
  return [
    `CHUNK = ${chunkSize(shape)}`,
    ...(shape === 'vector'
      ? [`MAX_RATE = ${maxRate}  # of forgetting per token, which bounds exp within a chunk`]
      : []),
  ];
}
