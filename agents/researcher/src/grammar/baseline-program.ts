import { baselineGenomes } from './baseline-genomes.ts';
import { emit } from './emit.ts';
import type { Genome } from './genome.ts';

/** The genome of a baseline; undefined of a design, and of a baseline that the grammar cannot say. */
export const genomeOfBaseline = (name: string | null): Genome | undefined =>
  name === null ? undefined : (baselineGenomes as Record<string, Genome>)[name];

/** A baseline as the grammar writes it, which is how designers are shown it: the trainer's own code is in no archive. */
export function baselineProgram(name: string | null): string | undefined {
  const genome = genomeOfBaseline(name);
  return genome && emit(genome);
}
