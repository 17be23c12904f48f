import { z } from 'zod';

/**
 * A measured number as it travels in JSON. A diverged loss is NaN or infinite and must stay visible as such, but
 * `JSON.stringify(NaN)` is `null`; so non-finite numbers travel as the strings "NaN", "Infinity" and "-Infinity".
 */
export const measuredNumberSchema = z
  .union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])])
  .transform((value) => (typeof value === 'number' ? value : Number(value)));

/** For `JSON.stringify`: the inverse of {@link measuredNumberSchema}. */
export function encodeNonFinite(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
