import { emitDecay } from './emit/decay.ts';
import type { Fragment } from './emit/fragment.ts';
import { emitDocstring } from './emit/header.ts';
import { type HelperName, helperSources } from './emit/helpers.ts';
import { emitFeatures, emitProjections } from './emit/input.ts';
import { emitOutput, emitSkip } from './emit/output.ts';
import { emitPaths } from './emit/paths.ts';
import { emitRecurrence, recurrenceConstants } from './emit/recurrence.ts';
import { emitRouter } from './emit/router.ts';
import { emitMemory } from './emit/write.ts';
import type { Genome } from './genome.ts';

const fraction: Readonly<Record<number, string>> = {
  0.5: 'd_model // (2 * heads)',
  0.75: '3 * d_model // (4 * heads)',
  1: 'd_model // heads',
  1.25: '5 * d_model // (4 * heads)',
  1.5: '3 * d_model // (2 * heads)',
};

const sharedFraction: Readonly<Record<number, string>> = {
  0.5: 'd_model // heads',
  0.75: '3 * d_model // (2 * heads)',
  1: '2 * d_model // heads',
};

/** What d_model must be a multiple of, so that all widths divide evenly into heads. */
function divisor({ keyExpansion, valueExpansion }: Genome): string {
  const parts = Math.max(
    ...[keyExpansion, valueExpansion].map((e) => (Number.isInteger(e) ? 1 : e % 0.5 === 0 ? 2 : 4)),
  );
  return parts === 1 ? 'heads' : `(${parts} * heads)`;
}

const headLine = {
  half: 'heads = max(1, n_heads // 2)',
  given: 'heads = n_heads',
  double: 'heads = 2 * n_heads',
} as const;

const indented = (lines: readonly string[]): string => lines.map((line) => `        ${line}`).join('\n');

function emitClass(genome: Genome, fragments: readonly Fragment[]): string {
  const init = fragments.flatMap((fragment) => fragment.init ?? []);
  const forward = fragments.flatMap((fragment) => fragment.forward ?? []);
  const used = (name: string): boolean => new RegExp(`\\b${name}\\b`).test([...init, ...forward].join('\n'));
  const attributes = [
    'self.heads = heads',
    genome.keys === 'shared'
      ? `self.key_dim = ${sharedFraction[genome.keyExpansion]}  # of the one key that all heads share`
      : `self.key_dim = ${fraction[genome.keyExpansion]}`,
    `self.value_dim = ${fraction[genome.valueExpansion]}`,
    ...(used('key_width')
      ? [genome.keys === 'shared' ? 'key_width = self.key_dim' : 'key_width = heads * self.key_dim']
      : []),
    'value_width = heads * self.value_dim',
  ];
  return `class Mixer(nn.Module):
    """Token mixer: x [B,T,d_model] -> [B,T,d_model]; causal, any B and T."""

    def __init__(
        self, d_model: int, n_heads: int, *, layer_idx: int = 0, n_layers: int = 1
    ) -> None:
        super().__init__()
        ${headLine[genome.heads]}
        if d_model % ${divisor(genome)}:
            raise ValueError(f"d_model {d_model} does not divide into {heads} heads of this mixer")
${indented(attributes)}

${indented(init)}

    def forward(self, x: Tensor) -> Tensor:
${indented(forward)}`;
}

/**
 * The genome as a self-contained PyTorch program with a class `Mixer(d_model, n_heads, *, layer_idx, n_layers)`: readable,
 * commented, and without code that this genome does not need. The same genome gives the same text.
 */
export function emit(genome: Genome): string {
  const features = emitFeatures(genome);
  const recurrence = emitRecurrence(genome);
  const fragments = [
    emitProjections(genome),
    features,
    emitDecay(genome),
    emitMemory(genome),
    emitPaths(genome),
    emitRouter(genome),
    emitSkip(genome),
    emitOutput(genome),
  ];
  const helpers = new Set<HelperName>([...fragments, recurrence].flatMap((fragment) => fragment.helpers ?? []));
  const body = [
    ...helperSources(helpers),
    ...(features.definitions ?? []),
    ...(recurrence.definitions ?? []),
    emitClass(genome, fragments),
  ].join('\n\n\n');
  const imports = [
    ...(/\bmath\./.test(body) ? ['import math', ''] : []),
    'import torch',
    'from torch import Tensor, nn',
    ...(/\bF\./.test(body) ? ['from torch.nn import functional as F'] : []),
  ];
  return `${emitDocstring(genome)}\n\n${imports.join('\n')}\n\n${recurrenceConstants(genome).join('\n')}\n\n\n${body}\n`;
}
