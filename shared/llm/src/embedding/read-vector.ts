import type { EmbeddingAnswer } from './embedding-answer.ts';
import { decodeVector } from './vector-coding.ts';

export type ReadVector =
  | { readonly good: true; readonly vector: Float32Array }
  | { readonly good: false; readonly problem: string };

/** The vector of an answer, if it is one that others can be compared with. */
export function readVector({ vector: text }: Pick<EmbeddingAnswer, 'vector'>, dimensions: number | null): ReadVector {
  const vector = decodeVector(text);
  const bad = (problem: string): ReadVector => ({ good: false, problem });
  if (vector.length === 0) return bad('there is no vector in its answer');
  if (dimensions !== null && vector.length !== dimensions)
    return bad(`its vector has ${vector.length} numbers, and models.embedding.dimensions is ${dimensions}`);
  if (!vector.every(Number.isFinite)) return bad('its vector holds what is no finite number');
  if (vector.every((one) => one === 0)) return bad('its vector is zero and has no direction');
  return { good: true, vector };
}
