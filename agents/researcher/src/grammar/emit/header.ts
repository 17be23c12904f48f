import type { Genome } from '../genome.ts';
import { slotOf } from '../slots/slots.ts';
import { decayShape } from './decay.ts';
import { wrap } from './wrap.ts';

/** The phrase of the option in force in a slot. Throws RangeError where the genome has no such slot. */
export function phraseOf(genome: Genome, slotName: string): string {
  const slot = slotOf(slotName);
  const label = slot.read(genome);
  const option = slot.options.find((candidate) => candidate.label === label);
  if (option === undefined) throw new RangeError(`the genome has no ${slotName}`);
  return option.phrase;
}

/** What the mixer is, in one noun phrase: memory, then paths and their router. */
export function titleOf(genome: Genome): string {
  const memory = genome.decay.kind === 'none' ? '' : ` and ${phraseOf(genome, 'decay')}`;
  const paths = [
    ...(genome.shortFilter.kind === 'none' ? [] : [phraseOf(genome, 'short-filter')]),
    ...(genome.longFilter.kind === 'none' ? [] : [phraseOf(genome, 'long-filter')]),
    ...(genome.directPath === 'none' ? [] : [phraseOf(genome, 'direct-path')]),
  ];
  const beside = paths.length === 0 ? '' : `, beside ${paths.join(' and ')}, joined by ${phraseOf(genome, 'router')}`;
  const title = `${phraseOf(genome, 'write')}${memory}${beside}`;
  return title.charAt(0).toUpperCase() + title.slice(1);
}

function recurrenceOf({ write, decay }: Genome): string {
  const shape = decayShape({ decay } as Genome);
  const kept = { none: 'S_{t-1}', scalar: 'a_t S_{t-1}', vector: 'Diag(a_t) S_{t-1}' }[shape];
  switch (write.kind) {
    case 'additive':
      return `S_t = ${kept} + k_t v_t^T`;
    case 'input-gated':
      return `S_t = ${kept} + i_t k_t v_t^T`;
    case 'step-size':
      return `S_t = ${kept} + dt_t k_t v_t^T,   a_t = exp(-A dt_t)`;
    case 'complement':
      return `S_t = ${kept} + (1 - a_t) k_t v_t^T`;
    case 'delta':
      return `S_t = (I - beta_t k_t k_t^T) ${kept} + beta_t k_t v_t^T,   beta_t in (0, ${write.maxRate})`;
    case 'decoupled-delta':
      return `S_t = (I - erase_t k_t k_t^T) ${kept} + write_t k_t v_t^T`;
    case 'channel-delta':
      return `S_t = (I - k'_t k'_t^T) ${kept} + k'_t v_t^T,   k'_t = rate_t * k_t`;
  }
}

const readOf = ({ normalisation }: Genome): string =>
  normalisation === 'denominator' ? 'o_t = S_t^T q_t / (sum of the scores)' : 'o_t = S_t^T q_t';

/** Papers that the parts come from, each as "name (arXiv id)". */
function sourcesOf(genome: Genome): string[] {
  const delta = genome.write.kind.endsWith('delta');
  const sources: Array<readonly [boolean, string]> = [
    [!delta, 'linear attention (2006.16236)'],
    [delta, 'DeltaNet (2406.06484)'],
    [delta && genome.decay.kind === 'scalar-gated', 'Gated DeltaNet (2412.06464)'],
    [delta && decayShape(genome) === 'vector', 'Kimi Delta Attention (2510.26692)'],
    [genome.write.kind === 'delta' && genome.write.maxRate === 2, 'negative eigenvalues (2411.12537)'],
    [genome.write.kind === 'channel-delta' || genome.skip === 'bonus', 'RWKV-7 (2503.14456)'],
    [!delta && genome.decay.kind === 'scalar-gated', 'Mamba2 (2405.21060)'],
    [genome.decay.kind === 'fixed' || genome.position !== 'none', 'RetNet (2307.08621)'],
    [genome.decay.kind === 'sigmoid-gated' || genome.decay.kind === 'vector-gated', 'GLA (2312.06635)'],
    [genome.write.kind === 'complement', 'HGRN2 (2404.07904)'],
    [genome.router.kind !== 'single', 'ASI-Arch, paths and routers (2507.18074)'],
  ];
  return sources.filter(([used]) => used).map(([, source]) => source);
}

/** The program's docstring: what the mixer is, its recurrence, its parts, its sources. */
export function emitDocstring(genome: Genome): string {
  const width =
    genome.convolution.kind === 'none'
      ? ''
      : `, ${phraseOf(genome, 'convolution-width')}, ${phraseOf(genome, 'convolution-bias')}`;
  const parts = [
    `Input: ${phraseOf(genome, 'convolution')}${width}; ${phraseOf(genome, 'feature-map')}; ${phraseOf(genome, 'normalisation')}; ${phraseOf(genome, 'position')}; ${phraseOf(genome, 'value-map')}.`,
    `State: ${phraseOf(genome, 'write')}; ${phraseOf(genome, 'decay')}; ${phraseOf(genome, 'heads')}; ${phraseOf(genome, 'keys')}; ${phraseOf(genome, 'key-expansion')}; ${phraseOf(genome, 'value-expansion')}.`,
    `Paths: ${phraseOf(genome, 'short-filter')}; ${phraseOf(genome, 'long-filter')}; ${phraseOf(genome, 'direct-path')}; ${phraseOf(genome, 'router')}; ${phraseOf(genome, 'skip')}.`,
    `Output: ${phraseOf(genome, 'output-norm')}; ${phraseOf(genome, 'output-gate')}.`,
  ];
  return `"""${wrap(`${titleOf(genome)}.`).replaceAll('\n  ', '\n')}

    ${recurrenceOf(genome)}
    ${readOf(genome)}

${parts.map((part) => wrap(`- ${part}`)).join('\n')}

${wrap(`Causal and of linear cost: the state is carried from chunk to chunk. After ${sourcesOf(genome).join(', ')}.`).replaceAll('\n  ', '\n')}
"""`;
}
