import type { ArtifactHash, EmbeddingModel } from '@asi/contracts';
import type { Purpose } from '../thinker.ts';

/** On whose behalf a text is embedded. */
export type EmbeddingPurpose = Omit<Purpose, 'model'> & { readonly model: EmbeddingModel };

export type Embedded = {
  readonly vector: Float32Array;
  /** Artifact: the answer with the vector. */
  readonly vectorHash: ArtifactHash;
  /** Key of the call in the ledger. */
  readonly call: string;
};

/**
 * The vector of a text, with everything on the record as a question to a language model is (T1 and T2 of `Thinker`): equal
 * texts of one experiment are paid once. What is too long for the model is cut.
 *
 * Rejects as `Thinker` does; with terminal `model-answer-invalid` when the answer holds no vector that others can be compared with.
 */
export type Embed = (text: string, purpose: EmbeddingPurpose, signal: AbortSignal) => Promise<Embedded>;
