import { createHash } from 'node:crypto';

const defaultDimensions = 64;

/** A vector of length 1 of the words of a text, each at a place by its hash: the same for the same text, near for texts that share words. */
export function bagOfWords(text: string, dimensions = defaultDimensions): number[] {
  const vector: number[] = Array(dimensions).fill(0);
  for (const word of text.toLowerCase().match(/[a-z0-9]+/g) ?? ['']) {
    const place = createHash('sha256').update(word).digest().readUInt32LE() % dimensions;
    vector[place] = (vector[place] ?? 0) + 1;
  }
  const norm = Math.hypot(...vector);
  return vector.map((one) => one / norm);
}
