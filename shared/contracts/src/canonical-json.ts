import { createHash } from 'node:crypto';
import type { ArtifactHash } from './ids.ts';
import { encodeNonFinite } from './numbers.ts';

/** JSON with sorted keys: the same value gives the same text, whatever built it. Used wherever JSON is hashed. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (key, inner) => {
    if (inner !== null && typeof inner === 'object' && !Array.isArray(inner)) {
      return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
    }
    return encodeNonFinite(key, inner);
  });
}

export const hashText = (text: string): ArtifactHash => createHash('sha256').update(text).digest('hex') as ArtifactHash;
export const hashJson = (value: unknown): ArtifactHash => hashText(canonicalJson(value));
