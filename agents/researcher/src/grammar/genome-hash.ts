import { type ArtifactHash, hashJson } from '@asi/contracts';
import type { Genome } from './genome.ts';

/** SHA-256 of the genome's canonical JSON: equal genomes have equal hashes, whatever built them. */
export const genomeHash = (genome: Genome): ArtifactHash => hashJson(genome);
